using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Usage;

/// <summary>Counts of durations in classes whose width grows with the duration, so that percentiles of many requests can be added up and told within 3.2 %.</summary>
/// <remarks>
/// Sixteen classes for each doubling from 16 microseconds on, one for each microsecond below (the scheme of HdrHistogram, with four bits of precision);
/// durations over 25 days count as that. Not safe for concurrent use. It keeps only classes that have counts: usually a few dozen.
/// </remarks>
public sealed class LatencyHistogram
{
    private const int Bits = 4;
    private const int PerDoubling = 1 << Bits;
    private const long Longest = (1L << 41) - 1;

    private ushort[] _classes = [];
    private long[] _counts = [];
    private int _used;

    /// <summary>Gets how many durations were counted.</summary>
    public long Count { get; private set; }

    /// <summary>Counts a duration.</summary>
    /// <param name="duration">The duration. A negative one counts as zero.</param>
    public void Add(TimeSpan duration) => Add((ushort)ClassOf(duration), 1);

    /// <summary>Counts durations of one class, as a store that keeps <see cref="ClassOf(TimeSpan)"/> in a column finds them.</summary>
    /// <param name="durationClass">The class, from 0 to 607.</param>
    /// <param name="count">How many durations.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class, or the count is negative.</exception>
    public void AddClass(int durationClass, long count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(durationClass);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(durationClass, ClassOf(Longest));
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count > 0)
        {
            Add((ushort)durationClass, count);
        }
    }

    /// <summary>Adds the counts of another histogram.</summary>
    /// <param name="other">The other one.</param>
    public void Add(LatencyHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (int i = 0; i < other._used; i++)
        {
            Add(other._classes[i], other._counts[i]);
        }
    }

    /// <summary>Adds counts that <see cref="ToBytes"/> wrote; several results one behind the other add up.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="FormatException">They are no histogram.</exception>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            ulong index = Varint.Read(ref bytes);
            ulong count = Varint.Read(ref bytes);
            if (index > ClassOf(Longest) || count > long.MaxValue)
            {
                throw new FormatException("The bytes are no histogram of latencies.");
            }

            Add((ushort)index, (long)count);
        }
    }

    /// <summary>Finds the duration that a share of the requests didn't exceed.</summary>
    /// <param name="share">The share, from 0 to 1: 0.95 for the 95th percentile.</param>
    /// <returns>The middle of the class that it lies in; zero if nothing was counted.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The share is not from 0 to 1.</exception>
    public TimeSpan Percentile(double share)
    {
        if (!(share is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "The share must be from 0 to 1: 0.95 for the 95th percentile.");
        }

        long rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        for (int i = 0; i < _used; i++)
        {
            rank -= _counts[i];
            if (rank <= 0)
            {
                return MiddleOf(_classes[i]);
            }
        }

        return TimeSpan.Zero;
    }

    /// <summary>Writes the counts, two to four bytes for each class that has any.</summary>
    /// <returns>The bytes.</returns>
    public byte[] ToBytes()
    {
        Span<byte> pair = stackalloc byte[2 * Varint.MaxLength];
        var bytes = new List<byte>(_used * 3);
        for (int i = 0; i < _used; i++)
        {
            int length = Varint.Write(pair, _classes[i]);
            length += Varint.Write(pair[length..], (ulong)_counts[i]);
            bytes.AddRange(pair[..length]);
        }

        return [.. bytes];
    }

    /// <summary>Finds the class that a duration lies in.</summary>
    /// <param name="duration">The duration. A negative one counts as zero.</param>
    /// <returns>The class, from 0 to 607.</returns>
    public static int ClassOf(TimeSpan duration) => ClassOf(Math.Clamp(duration.Ticks / TimeSpan.TicksPerMicrosecond, 0, Longest));

    private static ushort ClassOf(long microseconds)
    {
        if (microseconds < PerDoubling)
        {
            return (ushort)microseconds;
        }

        int doubling = 63 - System.Numerics.BitOperations.LeadingZeroCount((ulong)microseconds) - Bits;
        return (ushort)((doubling * PerDoubling) + (microseconds >> doubling));
    }

    private static TimeSpan MiddleOf(ushort index)
    {
        int doubling = Math.Max(0, (index / PerDoubling) - 1);
        long low = (long)(index - (doubling * PerDoubling)) << doubling;
        return TimeSpan.FromTicks((low * TimeSpan.TicksPerMicrosecond) + (((1L << doubling) - 1) * TimeSpan.TicksPerMicrosecond / 2));
    }

    private void Add(ushort index, long count)
    {
        Count += count;
        int at = _classes.AsSpan(0, _used).BinarySearch(index);
        if (at >= 0)
        {
            _counts[at] += count;
            return;
        }

        at = ~at;
        if (_used == _classes.Length)
        {
            Array.Resize(ref _classes, Math.Max(8, 2 * _used));
            Array.Resize(ref _counts, _classes.Length);
        }

        Array.Copy(_classes, at, _classes, at + 1, _used - at);
        Array.Copy(_counts, at, _counts, at + 1, _used - at);
        (_classes[at], _counts[at]) = (index, count);
        _used++;
    }
}
