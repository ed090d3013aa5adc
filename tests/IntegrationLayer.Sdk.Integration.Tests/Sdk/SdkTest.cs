using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Routing;
using IntegrationLayer.Sdk.TestSupport.Gateway;
using IntegrationLayer.Sdk.TestSupport.Provider;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Integration.Tests.Sdk;

/// <summary>
/// The SDK before the real gateway, and a scripted provider behind it. Every deployment costs 1,000 USD per million input tokens and
/// 2,000 per million output tokens (100 to read from and 1,250 to write to the provider's cache), so that costs are easy to reckon.
/// </summary>
public abstract class SdkTest
{
    /// <summary>The deployment (path prefix) that most tests need only one of.</summary>
    protected const string Main = "main";

    /// <summary>The second deployment, tried after the first.</summary>
    protected const string Standby = "standby";

    protected const string Key = "sk-provider-0123456789abcdef";

    private readonly List<SdkHost> _hosts = [];

    protected static PortkeyGateway Gateway => SharedGateway.Gateway;

    /// <summary>Never completes.</summary>
    protected static Task Never => new TaskCompletionSource().Task;

    protected ProviderServer Provider { get; private set; } = null!;

    [SetUp]
    public async Task SetUpAsync() => Provider = await ProviderServer.StartAsync();

    [TearDown]
    public async Task TearDownAsync()
    {
        foreach (SdkHost host in _hosts)
        {
            await host.DisposeAsync();
        }

        _hosts.Clear();
        await Provider.DisposeAsync();
        if (TestContext.CurrentContext.Result.FailCount > 0)
        {
            await TestContext.Out.WriteLineAsync("The gateway wrote:\n" + Gateway.Output);
        }
    }

    /// <summary>The SDK with one deployment, "main", which is called once a request.</summary>
    protected SdkHost Open(string provider = "openai") => Open(options =>
    {
        options.MaxAttempts = 1;
        Add(options, Main, provider);
    });

    /// <summary>The SDK with two deployments of which "main" is tried first; each is called once a request.</summary>
    protected SdkHost OpenWithStandby(Uri? mainHost = null) => Open(options =>
    {
        options.MaxAttempts = 2;
        Add(options, Main, host: mainHost);
        Add(options, Standby);
    });

    /// <summary>The SDK before the shared gateway, configured by the test.</summary>
    protected SdkHost Open(Action<IntegrationLayerOptions> configure, TimeProvider? clock = null)
    {
        void Configure(IntegrationLayerOptions options)
        {
            options.Portkey.Endpoint = Gateway.BaseAddress;
            options.RoutingPolicy = RoutingPolicies.Priority;
            configure(options);
        }

        return Keep(new SdkHost(services => services.AddIntegrationLayer(Configure), clock));
    }

    /// <summary>Disposes a host at the end of the test.</summary>
    protected SdkHost Keep(SdkHost host)
    {
        _hosts.Add(host);
        return host;
    }

    /// <summary>Adds an account and its one deployment, both with the name of a path prefix of the provider. Earlier ones are tried first.</summary>
    protected DeploymentOptions Add(IntegrationLayerOptions options, string prefix, string provider = "openai", Uri? host = null)
    {
        options.Accounts[prefix] = new AccountOptions
        {
            Provider = provider,
            ApiKey = Key,
            CustomHost = host ?? (provider == "google" ? Provider.GoogleHostFor(prefix) : Provider.HostFor(prefix)),
        };
        DeploymentOptions deployment = new()
        {
            Name = prefix,
            Account = prefix,
            Model = $"{prefix}-model",
            InputPrice = 1_000,
            OutputPrice = 2_000,
            CacheReadPrice = 100,
            CacheWritePrice = 1_250,
            ContextTokens = 100_000,
            MaxOutputTokens = 1_000,
            Priority = options.Deployments.Count,
            Capabilities = ModelCapabilities.Tools | ModelCapabilities.Json | ModelCapabilities.JsonSchema
                | ModelCapabilities.Vision | ModelCapabilities.AudioInput | ModelCapabilities.Pdf,
        };
        options.Deployments.Add(deployment);
        return deployment;
    }

    protected static LlmRequest Ask(string prompt = "How far is it from here to the sea?", ChatOptions? options = null) => new(prompt) { Options = options };

    /// <summary>The failure of a request that must fail.</summary>
    protected static async Task<LlmException> FailureOfAsync(SdkHost host, LlmRequest? request = null, bool isStreamed = false)
    {
        try
        {
            await host.AskAsync(request ?? Ask(), isStreamed);
        }
        catch (LlmException failure)
        {
            return failure;
        }

        throw new AssertionException("The request succeeded.");
    }

    protected async Task<RecordedRequest> SeenAsync(string prefix = Main, int which = 0) => (await Provider.WaitForRequestsAsync(which + 1, prefix))[which];
}
