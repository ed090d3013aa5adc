using System.Diagnostics;
using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Resilience;
using IntegrationLayer.Sdk.Routing;
using IntegrationLayer.Sdk.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Integration.Tests.FaultMatrix;

/// <summary>
/// The SDK over real sockets, before a gateway that fails as it is told. The deployment "first" is called before "second", which is of another account and
/// is always well. All that is asked is paid from one budget, so that what is held and what is charged can be told.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal abstract class FaultMatrixTest
{
    protected const string First = "first";
    protected const string Second = "second";

    private static readonly BudgetLimit Limit = new(new BudgetScope(BudgetScopeKind.Organization, "all"), 1_000_000m, BudgetWindow.Total);

    private readonly List<IAsyncDisposable> _open = [];

    protected FakePortkey Fake { get; } = new();

    protected FakePortkeyServer Server { get; private set; } = null!;

    [SetUp]
    public async Task SetUpAsync()
    {
        Server = Keep(await Fake.StartServerAsync());
        Fake.OnChat(Second).ReplyStream("sec", "ond");
    }

    [TearDown]
    public async Task TearDownAsync()
    {
        foreach (IAsyncDisposable each in Enumerable.Reverse(_open))
        {
            await each.DisposeAsync();
        }
    }

    protected T Keep<T>(T disposable)
        where T : IAsyncDisposable
    {
        _open.Add(disposable);
        return disposable;
    }

    /// <summary>The SDK with both deployments, each called once, or as the test configures it.</summary>
    protected ServiceProvider Open(Action<IntegrationLayerOptions>? configure = null, Action<IIntegrationLayerBuilder>? build = null, TimeProvider? clock = null)
    {
        ServiceCollection services = new();
        if (clock is not null)
        {
            services.AddSingleton(clock);
        }

        IIntegrationLayerBuilder builder = services.AddIntegrationLayer(options =>
        {
            Uri preset = options.Portkey.Endpoint;
            options.RoutingPolicy = RoutingPolicies.Priority;
            options.MaxAttempts = 2;
            Add(options, First, "openai");
            Add(options, Second, "mistral-ai");
            configure?.Invoke(options);
            options.Portkey.Endpoint = options.Portkey.Endpoint == preset && options.Portkey.Endpoints.Count == 0 ? Server.BaseAddress : options.Portkey.Endpoint;
        }).UseBudgetPolicy(new FlatPolicy());
        build?.Invoke(builder);
        return Keep(services.BuildServiceProvider());
    }

    /// <summary>The SDK with the first deployment only, called once.</summary>
    protected ServiceProvider OpenAlone(Action<IntegrationLayerOptions>? configure = null, Action<IIntegrationLayerBuilder>? build = null, TimeProvider? clock = null) => Open(
        options =>
        {
            options.Deployments.RemoveAt(1);
            options.MaxAttempts = 1;
            configure?.Invoke(options);
        },
        build,
        clock);

    /// <summary>Adds a deployment, with an account of its own unless one is named; 1,000 USD per million tokens of input and 2,000 of output.</summary>
    protected static DeploymentOptions Add(IntegrationLayerOptions options, string name, string provider, string? account = null)
    {
        if (account is null)
        {
            options.Accounts[name] = new AccountOptions { Provider = provider, ApiKey = $"sk-{name}" };
        }

        DeploymentOptions deployment = new()
        {
            Name = name,
            Account = account ?? name,
            Model = name,
            InputPrice = 1_000,
            OutputPrice = 2_000,
            ContextTokens = 100_000,
            MaxOutputTokens = 1_000,
            Priority = options.Deployments.Count,
        };
        options.Deployments.Add(deployment);
        return deployment;
    }

    protected static ILlmClient ClientOf(ServiceProvider sdk) => sdk.GetRequiredService<ILlmClient>();

    protected static async Task<(string Text, LlmReceipt Receipt)> AskAsync(ServiceProvider sdk, bool isStreamed = false, LlmRequest? request = null)
    {
        request ??= new LlmRequest("Who answers?");
        if (!isStreamed)
        {
            LlmResponse response = await ClientOf(sdk).GetResponseAsync(request);
            return (response.Text, response.Receipt);
        }

        string text = "";
        LlmReceipt? receipt = null;
        await foreach (LlmResponseUpdate update in ClientOf(sdk).GetStreamingResponseAsync(request))
        {
            text += update.Text;
            receipt = update.Receipt ?? receipt;
        }

        return (text, receipt!);
    }

    /// <summary>The failure of a request that must fail.</summary>
    protected static async Task<LlmException> FailureOfAsync(ServiceProvider sdk, bool isStreamed = false)
    {
        try
        {
            await AskAsync(sdk, isStreamed);
        }
        catch (LlmException failure)
        {
            return failure;
        }

        throw new AssertionException("The request succeeded.");
    }

    /// <summary>What is charged to, and what is held from, the budget.</summary>
    protected static async Task<(decimal Used, decimal Held)> BudgetOfAsync(ServiceProvider sdk)
    {
        BudgetUsage usage = (await sdk.GetRequiredService<IBudgetLedger>().GetUsageAsync([Limit], default))[0];
        return (usage.Used, usage.Held);
    }

    protected static HealthStatus StatusOf(ServiceProvider sdk, HealthKind kind, string? name = null) =>
        sdk.GetRequiredService<IProviderStatus>().GetStatus().First(status => status.Kind == kind && (name is null || status.Name == name));

    /// <summary>
    /// The first deployment answers with a fault, the second takes over without the caller's noticing, and the first is charged only if it may bill. Before
    /// that, the first one answers when it is well: the control.
    /// </summary>
    protected async Task TakesOverAsync(FakePortkeyAnswer fault, LlmErrorClass expected, bool mayBeBilled, bool isStreamed, Action<IntegrationLayerOptions>? configure = null)
    {
        Fake.OnChat(First).Reply("first").Then.Answer(fault);
        ServiceProvider sdk = Open(configure);
        (string well, _) = await AskAsync(sdk, isStreamed);

        (string text, LlmReceipt receipt) = await AskAsync(sdk, isStreamed);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((well, text), Is.EqualTo((First, Second)));
            Assert.That(receipt.Attempts.Select(attempt => (attempt.Deployment, attempt.Error)), Is.EqualTo(new[] { (First, expected), (Second, LlmErrorClass.None) }));
            Assert.That(receipt.Attempts[0].Cost.Usd > 0, Is.EqualTo(mayBeBilled), "what may be billed is charged");
            Assert.That((await BudgetOfAsync(sdk)).Held, Is.Zero);
        }
    }

    /// <summary>The stream breaks off after its first content: no other deployment is called, and what came is charged.</summary>
    protected async Task<LlmStreamInterruptedException> InterruptsAsync(FakePortkeyStreamFault fault, LlmInterruptionReason reason, Action<IntegrationLayerOptions>? configure = null)
    {
        Fake.OnChat(First).Answer(FakePortkeyReply.Stream("one ", "two ", "three").WithFault(fault)).Then.ReplyStream("well");
        ServiceProvider sdk = Open(configure);
        string text = "";

        LlmStreamInterruptedException? failure = await Assert.ThrowsAsync<LlmStreamInterruptedException>(async () =>
        {
            await foreach (LlmResponseUpdate update in ClientOf(sdk).GetStreamingResponseAsync("Who answers?"))
            {
                text += update.Text;
            }
        });
        (decimal used, decimal held) = await BudgetOfAsync(sdk);
        (string next, _) = await AskAsync(sdk, isStreamed: true);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure!.Reason, Is.EqualTo(reason));
            Assert.That(text, Is.EqualTo("one two ").And.EqualTo(failure.PartialText));
            Assert.That(failure.Attempts.Select(attempt => attempt.Deployment), Is.EqualTo(new[] { First }), "never begun again elsewhere");
            Assert.That(failure.Receipt!.Cost.Status, Is.EqualTo(PriceStatus.UpperBound));
            Assert.That(used, Is.EqualTo(failure.Receipt.Cost.Usd).And.Positive);
            Assert.That(held, Is.Zero);
            Assert.That(next, Is.EqualTo("well"), "the next request is served");
        }

        return failure!;
    }

    /// <summary>How long something took.</summary>
    protected static async Task<TimeSpan> TimeAsync(Func<Task> action)
    {
        long start = Stopwatch.GetTimestamp();
        await action();
        return Stopwatch.GetElapsedTime(start);
    }

    private sealed class FlatPolicy : IBudgetPolicy
    {
        public IReadOnlyList<BudgetLimit> GetLimits(LlmRequest request) => [Limit];
    }
}
