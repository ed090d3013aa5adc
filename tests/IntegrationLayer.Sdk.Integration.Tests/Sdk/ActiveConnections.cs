using System.Diagnostics.Metrics;

namespace IntegrationLayer.Sdk.Integration.Tests.Sdk;

/// <summary>Counts the connections to one port that serve a request at this moment, by .NET's own metric.</summary>
internal sealed class ActiveConnections : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiting = [];
    private int _active;

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

    /// <summary>Waits until there are this many, for 10 s at most.</summary>
    public async Task WaitUntilAsync(int count)
    {
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiting.Add((count, reached));
        }

        Add(0);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(10));
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
            foreach ((_, TaskCompletionSource reached) in _waiting.Where(waiting => waiting.Count == _active))
            {
                reached.TrySetResult();
            }
        }
    }
}
