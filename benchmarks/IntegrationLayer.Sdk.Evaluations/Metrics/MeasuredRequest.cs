using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Telemetry;
using IntegrationLayer.Sdk.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Evaluations.Metrics;

/// <summary>One request as an application makes it in production: over HTTP, with budgets and limits, and with both caches, which miss.</summary>
internal static class MeasuredRequest
{
    private static readonly string[] PlatformMeters = ["System.Net.Http", "System.Net.NameResolution"];

    /// <summary>Makes the request.</summary>
    /// <returns>The names of the instruments that it recorded.</returns>
    public static async Task<IReadOnlyCollection<string>> RunAsync(TelemetryLevel level, bool isStreamed)
    {
        var gateway = new FakePortkey();
        gateway.Default.Reply(FakePortkeyReply.Text("The invoice is due on the thirtieth day after it was written.")
            .WithHeader("x-ratelimit-remaining-requests", "9998").WithHeader("x-ratelimit-remaining-tokens", "1999000"));
        await using FakePortkeyServer server = await gateway.StartServerAsync();

        // By a name, as gateways are called by, so that it has to be looked up.
        var address = new UriBuilder(server.BaseAddress) { Host = "localhost" };
        await using ServiceProvider services = new ServiceCollection().AddIntegrationLayer(options =>
        {
            options.Portkey.Endpoint = address.Uri;
            options.Telemetry.Level = level;
            options.Telemetry.Budgets.Add("acme");
            options.Accounts.Add("openai", new AccountOptions { Provider = "openai", ApiKey = "sk-none", Models = { "gpt-4o-mini", "gpt-4o" } });
        }).UseExactMatchCache().UseSemanticCache().UseBudgetPolicy(new Limits()).Services.BuildServiceProvider();
        ILlmClient client = services.GetRequiredService<ILlmClient>();
        using var counter = new InstrumentCounter();
        var request = new LlmRequest("When is the invoice of the twelfth of May due?")
        {
            Context = new LlmRequestContext { TenantId = "acme" },
            Options = new ChatOptions { MaxOutputTokens = 100 },
        };
        if (isStreamed)
        {
            await foreach (LlmResponseUpdate update in client.GetStreamingResponseAsync(request))
            {
                _ = update.Text;
            }
        }
        else
        {
            await client.GetResponseAsync(request);
        }

        return counter.Names;
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

    private sealed class InstrumentCounter : IDisposable
    {
        private readonly ConcurrentDictionary<string, bool> _names = new();
        private readonly MeterListener _listener = new();

        public InstrumentCounter()
        {
            _listener.InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == IntegrationLayerDiagnostics.MeterName || PlatformMeters.Contains(instrument.Meter.Name))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((instrument, _, _, _) => _names[instrument.Name] = true);
            _listener.SetMeasurementEventCallback<int>((instrument, _, _, _) => _names[instrument.Name] = true);
            _listener.SetMeasurementEventCallback<double>((instrument, _, _, _) => _names[instrument.Name] = true);
            _listener.Start();
        }

        // The other requests of .NET's own that may happen are none of this process.
        public IReadOnlyCollection<string> Names => [.. _names.Keys.Where(n => n is not "http.client.active_requests" and not "http.client.connection.duration")];

        public void Dispose() => _listener.Dispose();
    }
}
