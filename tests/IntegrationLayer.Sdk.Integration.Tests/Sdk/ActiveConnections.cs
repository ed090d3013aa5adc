using System.Diagnostics.Metrics;

namespace IntegrationLayer.Sdk.Integration.Tests.Sdk;

/// <summary>Counts the connections to one port that serve a request at this moment, by .NET's own metric.</summary>
internal sealed class ActiveConnections : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _none = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _active;
    private bool _isDraining;

    public ActiveConnections(int port)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "System.Net.Http" && instrument.Name == "http.client.open_connections")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, change, tags, _) =>
        {
            if (Has(tags, "server.port", port) && Has(tags, "http.connection.state", "active"))
            {
                Add((int)change);
            }
        });
        _listener.Start();
    }

    public int Active
    {
        get
        {
            lock (_lock)
            {
                return _active;
            }
        }
    }

    /// <summary>Waits until there is none, for 10 s at most.</summary>
    public async Task WaitUntilNoneAsync()
    {
        lock (_lock)
        {
            _isDraining = true;
        }

        Add(0);
        await _none.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    public void Dispose() => _listener.Dispose();

    private static bool Has(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name, object value)
    {
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            if (tag.Key == name && value.Equals(tag.Value))
            {
                return true;
            }
        }

        return false;
    }

    private void Add(int change)
    {
        lock (_lock)
        {
            _active += change;
            if (_isDraining && _active == 0)
            {
                _none.TrySetResult();
            }
        }
    }
}
