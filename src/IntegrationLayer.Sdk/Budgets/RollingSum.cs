namespace IntegrationLayer.Sdk.Budgets;

/// <summary>A sum over the last stretch of time, kept in sixtieths of it: each is dropped once all of it is over, so never too early.</summary>
internal sealed class RollingSum
{
    private const int Parts = 60;

    // One more than fits the window: the current part is not over yet.
    private readonly long[] _parts = new long[Parts + 1];
    private readonly long _ticksOfPart;
    private long _current = long.MinValue;
    private long _sum;

    public RollingSum(TimeSpan length) => _ticksOfPart = (length.Ticks + Parts - 1) / Parts;

    /// <summary>Drops what has left the window. A clock that goes back changes nothing.</summary>
    /// <returns>The sum of what hasn't.</returns>
    public long Advance(long nowTicks)
    {
        long part = nowTicks / _ticksOfPart;
        if (part <= _current)
        {
            return _sum;
        }

        long first = _current == long.MinValue || part - _current > _parts.Length ? part - _parts.Length + 1 : _current + 1;
        for (long over = first; over <= part; over++)
        {
            ref long slot = ref Slot(over);
            _sum -= slot;
            slot = 0;
        }

        _current = part;
        return _sum;
    }

    /// <summary>Adds to the current part.</summary>
    /// <returns>The new sum.</returns>
    public long Add(long count, long nowTicks)
    {
        Advance(nowTicks);
        Slot(_current) += count;
        return _sum += count;
    }

    /// <summary>Tells how long until so much has left the window; <see langword="null"/> if there isn't so much.</summary>
    public TimeSpan? TimeUntilFree(long count, long nowTicks)
    {
        long freed = 0;
        for (long part = _current - Parts; part <= _current; part++)
        {
            freed += Slot(part);
            if (freed >= count)
            {
                return new TimeSpan(Math.Max(1, ((part + Parts + 1) * _ticksOfPart) - nowTicks));
            }
        }

        return null;
    }

    private ref long Slot(long part) => ref _parts[part % _parts.Length];
}
