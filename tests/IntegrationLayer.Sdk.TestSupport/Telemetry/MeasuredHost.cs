using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Telemetry;
using IntegrationLayer.Sdk.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.TestSupport.Telemetry;

/// <summary>The SDK as an application has it in production: over HTTP, with a budget and a limit, and with both caches.</summary>
public sealed class MeasuredHost : IAsyncDisposable
{
    private readonly FakePortkeyServer _gateway;
    private readonly ServiceProvider _services;

    private MeasuredHost(FakePortkeyServer gateway, TelemetryLevel level)
    {
        _gateway = gateway;

        // By a name, as gateways are called by, so that it has to be looked up.
        var address = new UriBuilder(gateway.BaseAddress) { Host = "localhost" };
        _services = new ServiceCollection().AddIntegrationLayer(options =>
        {
            options.Portkey.Endpoint = address.Uri;
            options.Telemetry.Level = level;
            options.Telemetry.Budgets.Add("acme");
            options.Accounts.Add("openai", new AccountOptions { Provider = "openai", ApiKey = "sk-none", Models = { "gpt-4o-mini", "gpt-4o" } });
        }).UseExactMatchCache().UseSemanticCache().UseBudgetPolicy(new Limits()).Services.BuildServiceProvider();
    }

    /// <summary>Gets the SDK's services.</summary>
    public IServiceProvider Services => _services;

    /// <summary>Starts a gateway that says what is left of its rate limits, and the SDK before it.</summary>
    public static async Task<MeasuredHost> StartAsync(TelemetryLevel level)
    {
        var gateway = new FakePortkey();
        gateway.Default.Reply(FakePortkeyReply.Text("The invoice is due on the thirtieth day after it was written.")
            .WithHeader("x-ratelimit-remaining-requests", "9998").WithHeader("x-ratelimit-remaining-tokens", "1999000"));
        return new MeasuredHost(await gateway.StartServerAsync(), level);
    }

    /// <summary>Makes one plain request that misses both caches.</summary>
    public async Task<LlmReceipt> AskAsync(bool isStreamed)
    {
        ILlmClient client = _services.GetRequiredService<ILlmClient>();
        var request = new LlmRequest("When is the invoice of the twelfth of May due?")
        {
            Context = new LlmRequestContext { TenantId = "acme", UserId = "u-17", SessionId = "s-4", KeyId = "k-1" },
            Options = new ChatOptions { MaxOutputTokens = 100 },
        };
        if (!isStreamed)
        {
            return (await client.GetResponseAsync(request)).Receipt;
        }

        LlmReceipt? receipt = null;
        await foreach (LlmResponseUpdate update in client.GetStreamingResponseAsync(request))
        {
            receipt = update.Receipt;
        }

        return receipt!;
    }

    /// <summary>Ends both.</summary>
    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _gateway.DisposeAsync();
    }

    private sealed class Limits : IBudgetPolicy
    {
        private readonly BudgetLimit[] _limits =
        [
            new(new BudgetScope(BudgetScopeKind.Tenant, "acme"), 1_000m, BudgetWindow.Month()),
            new(new BudgetScope(BudgetScopeKind.Tenant, "acme"), 1_000m, BudgetWindow.Day()) { Unit = BudgetUnit.Requests },
        ];

        public IReadOnlyList<BudgetLimit> GetLimits(LlmRequest request) => _limits;
    }
}
