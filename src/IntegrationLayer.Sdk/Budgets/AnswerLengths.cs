using System.Numerics;

namespace IntegrationLayer.Sdk.Budgets;

/// <summary>How long answers were: a histogram of eight steps to each doubling, whose older half counts half.</summary>
internal sealed class AnswerLengths
{
    /// <summary>How many answers must have been seen before anything is concluded from them.</summary>
    public const int Fewest = 50;

    private const int StepBits = 3;
    private const int Steps = 1 << StepBits;
    private const int Buckets = (25 - StepBits) * Steps;
    private const int Remembered = 2_000;

    // One answer in a hundred may be longer.
    private const double Quantile = 0.99;

    private readonly Lock _gate = new();
    private readonly int[] _counts = new int[Buckets];
    private int _total;

    /// <summary>Takes note of an answer.</summary>
    public void Add(long tokens)
    {
        lock (_gate)
        {
            _counts[BucketOf(tokens)]++;
            if (++_total < Remembered)
            {
                return;
            }

            _total = 0;
            for (int i = 0; i < Buckets; i++)
            {
                _total += _counts[i] /= 2;
            }
        }
    }

    /// <summary>Gets the length that all but one answer in a hundred kept within, rounded up to a step; <see langword="null"/> until enough were seen.</summary>
    public long? Usually()
    {
        lock (_gate)
        {
            if (_total < Fewest)
            {
                return null;
            }

            // The number of answers that may be longer, rounded down.
            int longer = (int)(_total * (1 - Quantile));
            int bucket = Buckets - 1;
            for (int seen = _counts[bucket]; seen <= longer; seen += _counts[bucket])
            {
                bucket--;
            }

            return EndOf(bucket);
        }
    }

    private static int BucketOf(long tokens)
    {
        if (tokens < Steps)
        {
            return (int)Math.Max(0, tokens);
        }

        int shift = BitOperations.Log2((ulong)tokens) - StepBits;
        return (int)Math.Min(Buckets - 1, (((long)shift + 1) << StepBits) + (tokens >> shift) - Steps);
    }

    // The longest answer that falls into it.
    private static long EndOf(int bucket)
    {
        if (bucket < Steps)
        {
            return bucket;
        }

        int shift = (bucket >> StepBits) - 1;
        return ((long)((bucket & (Steps - 1)) + Steps + 1) << shift) - 1;
    }
}
