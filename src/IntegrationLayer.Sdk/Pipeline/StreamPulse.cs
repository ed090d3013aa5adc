namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>How a stream comes: how many pieces, and how long the next one takes. Times are timestamp units.</summary>
internal sealed class StreamPulse
{
    private long _waitingSince;

    /// <summary>Gets how many pieces have come.</summary>
    public int Pieces { get; private set; }

    /// <summary>Gets when the first one came; zero before it.</summary>
    public long FirstAt { get; private set; }

    /// <summary>Gets the longest wait for the next one.</summary>
    public long LongestGap { get; private set; }

    /// <summary>Gets how long the consumer had the turn.</summary>
    public long Consumed { get; private set; }

    /// <summary>A piece came.</summary>
    /// <returns>How long it took; <see langword="null"/> for the first one.</returns>
    public long? Beat(long now)
    {
        Pieces++;
        if (FirstAt == 0)
        {
            FirstAt = now;
            return null;
        }

        long gap = now - _waitingSince;
        LongestGap = Math.Max(LongestGap, gap);
        return gap;
    }

    /// <summary>The consumer has given the turn back: what it took counts against nobody else.</summary>
    public void Resume(long now, long since)
    {
        Consumed += now - since;
        _waitingSince = now;
    }
}
