using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Integration.Tests.Sdk;

/// <summary>The configuration changes while the application runs.</summary>
public sealed class ReloadTests : SdkTest
{
    [Test]
    public async Task Valid_change_takes_effect_at_the_next_request()
    {
        IConfigurationRoot configuration = Configuration();
        SdkHost host = OpenWith(configuration);

        string before = await DeploymentOfAsync(host);
        configuration["IntegrationLayer:Deployments:1:Priority"] = "-1";
        configuration.Reload();
        string after = await DeploymentOfAsync(host);

        Assert.That((before, after), Is.EqualTo((Main, Standby)));
        Assert.That(ErrorsOf(host), Is.Empty);
    }

    [TestCase("IntegrationLayer:RoutingPolicy", "Nonsense")]
    [TestCase("IntegrationLayer:MaxAttempts", "0")]
    [TestCase("IntegrationLayer:MaxAttempts", "many")]
    [TestCase("IntegrationLayer:Timeout", "-00:00:01")]
    [TestCase("IntegrationLayer:CatalogueFile", "/no/such/file")]
    [TestCase("IntegrationLayer:Deployments:0:Account", "nobody")]
    [Property("FaultMatrix", "53")]
    public async Task Invalid_change_is_rejected_logged_and_can_be_corrected(string setting, string value)
    {
        IConfigurationRoot configuration = Configuration();
        SdkHost host = OpenWith(configuration);
        string before = await DeploymentOfAsync(host);
        string? valid = configuration[setting];

        // A good change comes with the bad one: all of it waits.
        configuration["IntegrationLayer:Deployments:1:Priority"] = "-1";
        configuration[setting] = value;
        configuration.Reload();
        string during = await DeploymentOfAsync(host);
        IReadOnlyList<string> errors = ErrorsOf(host);
        configuration[setting] = valid;
        configuration.Reload();
        string after = await DeploymentOfAsync(host);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((before, during, after), Is.EqualTo((Main, Main, Standby)));
            Assert.That(errors, Has.Count.EqualTo(1));
            Assert.That(errors, Has.All.Contain(value));
        }
    }

    // A request keeps the configuration that it began with.
    [Test]
    [Property("FaultMatrix", "53")]
    public async Task Request_in_flight_ends_under_the_old_configuration()
    {
        TaskCompletionSource release = new();
        Provider.Script(Main, TestSupport.Provider.ProviderBehavior.Fails(500) with { HoldHeaders = release.Task });
        IConfigurationRoot configuration = Configuration();
        SdkHost host = OpenWith(configuration);

        Task<LlmResponse> call = host.Client.GetResponseAsync(Ask());
        await SeenAsync();
        configuration["IntegrationLayer:MaxAttempts"] = "1";
        configuration.Reload();
        release.SetResult();
        LlmResponse response = await call;
        LlmException later = await FailureOfAsync(host);

        Assert.That(response.Receipt.Attempts, Has.Count.EqualTo(2), "Two attempts were allowed when it began.");
        Assert.That(later.Attempts, Has.Count.EqualTo(1));
    }

    private static async Task<string> DeploymentOfAsync(SdkHost host) => (await host.Client.GetResponseAsync(Ask())).Receipt.Deployment;

    private static IReadOnlyList<string> ErrorsOf(SdkHost host) =>
        [.. host.Logs.Entries.Where(entry => entry.Level >= LogLevel.Error).Select(entry => entry.Text)];

    private SdkHost OpenWith(IConfigurationRoot configuration) => Keep(new SdkHost(services => services.AddIntegrationLayer(configuration)));

    private IConfigurationRoot Configuration()
    {
        Dictionary<string, string?> settings = new()
        {
            ["IntegrationLayer:Portkey:Endpoint"] = Gateway.BaseAddress.ToString(),
            ["IntegrationLayer:RoutingPolicy"] = "Priority",
            ["IntegrationLayer:MaxAttempts"] = "3",
            ["IntegrationLayer:Timeout"] = "00:01:00",
        };
        string[] names = [Main, Standby];
        for (int i = 0; i < names.Length; i++)
        {
            settings[$"IntegrationLayer:Accounts:{names[i]}:Provider"] = "openai";
            settings[$"IntegrationLayer:Accounts:{names[i]}:ApiKey"] = Key;
            settings[$"IntegrationLayer:Accounts:{names[i]}:CustomHost"] = Provider.HostFor(names[i]).ToString();
            settings[$"IntegrationLayer:Deployments:{i}:Name"] = names[i];
            settings[$"IntegrationLayer:Deployments:{i}:Account"] = names[i];
            settings[$"IntegrationLayer:Deployments:{i}:Model"] = "m";
            settings[$"IntegrationLayer:Deployments:{i}:InputPrice"] = "1";
            settings[$"IntegrationLayer:Deployments:{i}:OutputPrice"] = "2";
            settings[$"IntegrationLayer:Deployments:{i}:Priority"] = $"{i}";
        }

        return new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
    }
}
