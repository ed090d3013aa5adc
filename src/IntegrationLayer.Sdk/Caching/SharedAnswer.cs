namespace IntegrationLayer.Sdk.Caching;

/// <summary>What a call in flight has given so far: a list that only grows, which any number of readers follow from its beginning, each at its own pace.</summary>
internal sealed class SharedAnswer
{
    private readonly Lock _gate = new();
    private readonly List<SharedUpdate> _updates = [];
    private readonly List<FlightReader> _waiting = [];
    private readonly TaskCompletionSource<FlightEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isEnded;

    /// <summary>Gets how the call ends.</summary>
    public Task<FlightEnd> End => _end.Task;

    /// <summary>Adds an update. Who waits for it is woken by <see cref="Wake()"/>: what has come in one piece is better read in one go.</summary>
    /// <returns>How many there are.</returns>
    public int Append(LlmResponseUpdate update)
    {
        var shared = new SharedUpdate(update);
        lock (_gate)
        {
            _updates.Add(shared);
            return _updates.Count;
        }
    }

    /// <summary>Wakes those who wait for what was added.</summary>
    public void Wake()
    {
        FlightReader? first;
        FlightReader[] others;
        lock (_gate)
        {
            (first, others) = TakeServed();
        }

        foreach (FlightReader other in others)
        {
            other.Wake();
        }

        // Last, since what it does with the update may be done here and now.
        first?.Wake();
    }

    /// <summary>Ends the list.</summary>
    public void Complete(FlightEnd end)
    {
        lock (_gate)
        {
            _isEnded = true;
        }

        _end.TrySetResult(end);
        Wake();
    }

    /// <summary>Gets the update at a position; <see langword="null"/> if there is none.</summary>
    public SharedUpdate? Get(int position)
    {
        lock (_gate)
        {
            return position < _updates.Count ? _updates[position] : null;
        }
    }

    /// <summary>Looks whether there is an update at a reader's position, and if nobody knows yet, has the reader woken when it is known.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="found">The update; <see langword="null"/> at the end of the list.</param>
    /// <returns><see langword="false"/> if the reader has to wait.</returns>
    public bool Look(FlightReader reader, out SharedUpdate? found)
    {
        lock (_gate)
        {
            found = reader.Position < _updates.Count ? _updates[reader.Position] : null;
            if (found is not null || _isEnded)
            {
                return true;
            }

            _waiting.Add(reader);
            reader.Prepare(isAlone: _waiting.Count == 1);
            return false;
        }
    }

    /// <summary>Ends a reader's waiting.</summary>
    /// <returns><see langword="false"/> if it wasn't waiting any more.</returns>
    public bool Forget(FlightReader reader)
    {
        lock (_gate)
        {
            return _waiting.Remove(reader);
        }
    }

    // Nearly always it is one: who made the call.
    private (FlightReader? First, FlightReader[] Others) TakeServed()
    {
        if (_waiting.Count < 2)
        {
            FlightReader? only = _waiting.Count == 1 && IsServed(_waiting[0]) ? _waiting[0] : null;
            if (only is not null)
            {
                _waiting.Clear();
            }

            return (only, []);
        }

        FlightReader[] served = [.. _waiting.Where(IsServed)];
        _waiting.RemoveAll(IsServed);
        return (served.FirstOrDefault(), [.. served.Skip(1)]);
    }

    private bool IsServed(FlightReader reader) => _isEnded || reader.Position < _updates.Count;
}
