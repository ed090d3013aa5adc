using System.Diagnostics.Metrics;

namespace IntegrationLayer.Sdk.Tests;

/// <summary>Listens to one counter of one container's meters.</summary>
internal sealed class Counted : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _sum;

    public Counted(IMeterFactory meters, string name)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == name && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) =>
        {
            Interlocked.Add(ref _sum, value);
            _reached.TrySetResult();
        });
        _listener.Start();
    }

    public long Sum => Interlocked.Read(ref _sum);

    /// <summary>Completes with the first count.</summary>
    public Task Reached => _reached.Task;

    public void Dispose() => _listener.Dispose();
}
