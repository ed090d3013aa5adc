namespace IntegrationLayer.Sdk.Resilience;

/// <summary>The latest times that a deployment took to answer: what is usual, and what is not. Safe for concurrent use; a lost time doesn't matter.</summary>
internal sealed class AnswerTimes
{
    private const int Kept = 64;

    // Fewer don't show what one in twenty is.
    private const int Fewest = 20;
    private const double Usual = 0.95;

    private readonly float[] _milliseconds = new float[Kept];
    private int _count;

    /// <summary>Adds the time of an answer, or how long it had not come when it was given up.</summary>
    public void Record(TimeSpan time) =>
        Volatile.Write(ref _milliseconds[(uint)(Interlocked.Increment(ref _count) - 1) % Kept], (float)time.TotalMilliseconds);

    /// <summary>Gets the time within which 95 of 100 answers came; <see langword="null"/> as long as there are too few to tell.</summary>
    public TimeSpan? Usually()
    {
        int count = Volatile.Read(ref _count);
        count = count is < 0 or > Kept ? Kept : count;
        if (count < Fewest)
        {
            return null;
        }

        Span<float> sorted = stackalloc float[Kept];
        sorted = sorted[..count];
        _milliseconds.AsSpan(0, count).CopyTo(sorted);
        sorted.Sort();
        return TimeSpan.FromMilliseconds(sorted[(int)Math.Ceiling(Usual * count) - 1]);
    }
}
