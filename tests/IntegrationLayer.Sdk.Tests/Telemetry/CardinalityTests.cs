using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Telemetry;
using IntegrationLayer.Sdk.Tests.Pipeline;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Tests.Telemetry;

internal sealed class CardinalityTests
{
    private const int Requests = 10_000;
    private const int Models = 400;

    [Test]
    public async Task Random_models_tenants_and_errors_keep_within_what_is_declared([Values] bool hasTenants)
    {
        var random = new Random(11);
        await using var host = new PipelineHost(
            options =>
            {
                options.Telemetry.Level = TelemetryLevel.Full;
                options.MaxAttempts = 1;

                // The clock stands still: whoever waited for a deployment to recover would wait for ever.
                options.Resilience.AllUnavailable = Sdk.Resilience.AllUnavailablePolicy.Fail;
                for (int i = 0; i < (hasTenants ? 20 : 0); i++)
                {
                    options.Telemetry.Tenants.Add($"tenant-{i}");
                }

                for (int i = 0; i < Models; i++)
                {
                    options.Accounts.Add($"account-{i}", new AccountOptions { Provider = "openai", ApiKey = "sk-none" });
                    options.Deployments.Add(new DeploymentOptions { Account = $"account-{i}", Model = $"model-{i}", InputPrice = 1, OutputPrice = 1 });
                }
            },
            builder => builder.UseGateway(_ => new RandomGateway(random)));
        var series = new ConcurrentDictionary<string, ConcurrentDictionary<string, bool>>();
        using MeterListener listener = Listen(host.Get<IMeterFactory>(), series);
        for (int i = 0; i < Requests; i++)
        {
            var request = new LlmRequest("hello")
            {
                Context = new LlmRequestContext { Operation = $"operation-{i}", TenantId = $"tenant-{i}", UserId = $"user-{i}" },
                Options = new ChatOptions { ModelId = $"model-{random.Next(Models * 2)}" },
            };
            try
            {
                await host.Client.GetResponseAsync(request);
            }
            catch (IntegrationLayerException)
            {
                // A model that doesn't exist, or a failure that was meant to happen.
            }
        }

        Assert.That(series.Keys, Has.Member("integration_layer.llm.requests").And.Member("gen_ai.client.operation.duration"));
        Assert.That(series["integration_layer.llm.requests"].Keys, Has.Some.Contains("integration_layer.operation=other"));
        Assert.That(series.Values.SelectMany(sets => sets.Keys).Where(set => set.Contains("user-", StringComparison.Ordinal) || set.Contains("tenant-21", StringComparison.Ordinal)), Is.Empty);
        Assert.That(series["integration_layer.cost"].Keys.Any(set => set.Contains("integration_layer.tenant=tenant-", StringComparison.Ordinal)), Is.EqualTo(hasTenants));
        foreach (InstrumentSpec spec in InstrumentTable.All.Where(s => series.ContainsKey(s.Name)))
        {
            Assert.That(series[spec.Name], Has.Count.LessThanOrEqualTo(spec.MaxSeries), spec.Name);
        }
    }

    private static MeterListener Listen(IMeterFactory meters, ConcurrentDictionary<string, ConcurrentDictionary<string, bool>> series)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == IntegrationLayerDiagnostics.MeterName && ReferenceEquals(instrument.Meter.Scope, meters))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(series, instrument, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(series, instrument, tags));
        listener.Start();
        return listener;
    }

    private static void Note(ConcurrentDictionary<string, ConcurrentDictionary<string, bool>> series, Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string set = "";
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            set += $"{tag.Key}={tag.Value};";
        }

        series.GetOrAdd(instrument.Name, static _ => [])[set] = true;
    }

    private sealed class RandomGateway(Random random) : IChatClient
    {
        private static readonly LlmErrorClass[] Classes = [.. Enum.GetValues<LlmErrorClass>().Where(c => c is not LlmErrorClass.None and not LlmErrorClass.Cancelled and not LlmErrorClass.Unknown)];

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => random.Next(2) == 0
            ? Task.FromException<ChatResponse>(new LlmException($"Failure {random.Next()}", Classes[random.Next(Classes.Length)], LlmErrorSource.Provider))
            : Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "hi")) { Usage = new UsageDetails { InputTokenCount = 1, OutputTokenCount = 1 } });

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
