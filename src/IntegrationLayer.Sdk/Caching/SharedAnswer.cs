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

    /// <summary>Adds an update.</summary>
    /// <returns>How many there are.</returns>
    public int Append(LlmResponseUpdate update)
    {
        var shared = new SharedUpdate(update);
        FlightReader? first;
        FlightReader[] others;
        int count;
        lock (_gate)
        {
            _updates.Add(shared);
            count = _updates.Count;
            (first, others) = TakeWaiting();
        }

        Wake(first, others, hasMore: true);
        return count;
    }

    /// <summary>Ends the list.</summary>
    public void Complete(FlightEnd end)
    {
        FlightReader? first;
        FlightReader[] others;
        lock (_gate)
        {
            _isEnded = true;
            (first, others) = TakeWaiting();
        }

        _end.TrySetResult(end);
        Wake(first, others, hasMore: false);
    }

    /// <summary>Gets an update that <see cref="Look"/> has told of.</summary>
    public SharedUpdate Get(int position)
    {
        lock (_gate)
        {
            return _updates[position];
        }
    }

    /// <summary>Looks whether there is an update at a reader's position, and if nobody knows yet, has the reader woken when it is known.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="hasMore">Whether there is one; <see langword="false"/> at the end of the list too.</param>
    /// <returns><see langword="false"/> if the reader has to wait.</returns>
    public bool Look(FlightReader reader, out bool hasMore)
    {
        lock (_gate)
        {
            hasMore = reader.Position < _updates.Count;
            if (hasMore || _isEnded)
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

    private static void Wake(FlightReader? first, FlightReader[] others, bool hasMore)
    {
        foreach (FlightReader other in others)
        {
            other.Wake(hasMore);
        }

        // Last, since what it does with the update may be done here and now.
        first?.Wake(hasMore);
    }

    // Nearly always it is one: who made the call.
    private (FlightReader? First, FlightReader[] Others) TakeWaiting()
    {
        if (_waiting.Count == 0)
        {
            return (null, []);
        }

        FlightReader first = _waiting[0];
        FlightReader[] others = _waiting.Count == 1 ? [] : [.. _waiting[1..]];
        _waiting.Clear();
        return (first, others);
    }
}
