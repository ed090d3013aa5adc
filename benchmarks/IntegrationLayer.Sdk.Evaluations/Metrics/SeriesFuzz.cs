using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Telemetry;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Evaluations.Metrics;

/// <summary>10,000 requests with models, operations, tenants, users and failures that all differ.</summary>
internal static class SeriesFuzz
{
    private const int Requests = 10_000;
    private const int Models = 1_000;

    /// <summary>Makes them.</summary>
    /// <returns>The most time series that an instrument has grown to.</returns>
    public static async Task<int> RunAsync()
    {
        var errors = new Random(7);
        await using ServiceProvider services = new ServiceCollection().AddIntegrationLayer(options =>
        {
            options.Telemetry.Level = TelemetryLevel.Full;
            options.MaxAttempts = 1;
            for (int i = 0; i < Models; i++)
            {
                string account = $"account-{i}";
                options.Accounts.Add(account, new AccountOptions { Provider = "openai", ApiKey = "sk-none" });
                options.Deployments.Add(new DeploymentOptions { Account = account, Model = $"model-{i}", InputPrice = 1, OutputPrice = 1 });
            }
        }).UseGateway(_ => new RandomGateway(errors)).Services.BuildServiceProvider();
        ILlmClient client = services.GetRequiredService<ILlmClient>();
        var series = new ConcurrentDictionary<string, ConcurrentDictionary<string, bool>>();
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == IntegrationLayerDiagnostics.MeterName)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(series, instrument, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(series, instrument, tags));
        listener.Start();
        for (int i = 0; i < Requests; i++)
        {
            var request = new LlmRequest("Hello")
            {
                Context = new LlmRequestContext { Operation = $"operation-{i}", TenantId = $"tenant-{i}", UserId = $"user-{i}" },
                Options = new ChatOptions { ModelId = $"model-{i % (Models * 2)}" },
            };
            try
            {
                await client.GetResponseAsync(request);
            }
            catch (IntegrationLayerException)
            {
                // A model that doesn't exist, or a failure that was meant to happen.
            }
        }

        return series.Values.Max(s => s.Count);
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
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            LlmErrorClass[] classes = Enum.GetValues<LlmErrorClass>();
            LlmErrorClass error = classes[random.Next(classes.Length)];
            return random.Next(2) == 0 && error is not LlmErrorClass.None and not LlmErrorClass.Cancelled
                ? Task.FromException<ChatResponse>(new LlmException($"Failure {random.Next()}", error, LlmErrorSource.Provider))
                : Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "Hi")) { Usage = new UsageDetails { InputTokenCount = 1, OutputTokenCount = 1 } });
        }

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
