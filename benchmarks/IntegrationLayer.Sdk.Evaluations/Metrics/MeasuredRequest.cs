using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using IntegrationLayer.Sdk.Telemetry;
using IntegrationLayer.Sdk.TestSupport.Telemetry;

namespace IntegrationLayer.Sdk.Evaluations.Metrics;

/// <summary>One request as an application makes it in production: over HTTP, with budgets and limits, and with both caches, which miss.</summary>
internal static class MeasuredRequest
{
    private static readonly string[] PlatformMeters = ["System.Net.Http", "System.Net.NameResolution"];

    /// <summary>Makes the request.</summary>
    /// <returns>The names of the instruments that it recorded.</returns>
    public static async Task<IReadOnlyCollection<string>> RunAsync(TelemetryLevel level, bool isStreamed)
    {
        await using MeasuredHost host = await MeasuredHost.StartAsync(level);
        using var counter = new InstrumentCounter();
        await host.AskAsync(isStreamed);
        return counter.Names;
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
