using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using IntegrationLayer.Sdk.Telemetry;

namespace IntegrationLayer.Sdk.Integration.Tests.Telemetry;

/// <summary>What instruments have recorded, one container's own and the platform's.</summary>
internal sealed class RecordedInstruments : IDisposable
{
    private static readonly string[] PlatformNames = ["http.client.request.duration", "http.client.request.time_in_queue", "http.client.open_connections", "dns.lookup.duration"];
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, double>> _series = new();

    public RecordedInstruments(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            bool isOwn = instrument.Meter.Name == IntegrationLayerDiagnostics.MeterName && ReferenceEquals(instrument.Meter.Scope, meters);
            if (isOwn || PlatformNames.Contains(instrument.Name))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    public ICollection<string> Names => _series.Keys;

    /// <summary>Gets the sets of attributes of an instrument, as <c>name=value;</c>, each with the sum of its values.</summary>
    public IReadOnlyDictionary<string, double> Of(string instrument) => _series.TryGetValue(instrument, out ConcurrentDictionary<string, double>? sets) ? sets : [];

    public int MostSeries => _series.Values.Max(s => s.Count);

    public void Dispose() => _listener.Dispose();

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string set = "";
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            set += $"{tag.Key}={tag.Value};";
        }

        _series.GetOrAdd(instrument.Name, static _ => []).AddOrUpdate(set, value, (_, sum) => sum + value);
    }
}
