using System.Numerics;
using System.Runtime.InteropServices;

namespace IntegrationLayer.Sdk.Costing;

/// <summary>Looks at the costs of all candidates, several at once.</summary>
internal static class CostColumn
{
    /// <summary>Fills in what each candidate would cost, for a request that all of them can serve.</summary>
    /// <param name="costs">One for each candidate.</param>
    /// <param name="set">The candidates.</param>
    /// <param name="text">Estimated tokens of text.</param>
    /// <param name="hasTools">Whether tools are offered.</param>
    /// <param name="output">The cap on the answer, which is none of the candidates' own.</param>
    /// <returns>As <see cref="Survey"/>.</returns>
    public static (int Eligible, int Dearest) Fill(Span<double> costs, CandidateSet set, double text, bool hasTools, double output)
    {
        int count = costs.Length;
        ReadOnlySpan<double> textRate = set.TextRate.AsSpan(0, count), outputRate = set.OutputRate.AsSpan(0, count);
        ReadOnlySpan<double> toolFee = set.ToolFee.AsSpan(0, count), fee = set.Fee.AsSpan(0, count);
        (Vector<double> texts, Vector<double> outputs, Vector<double> highest) = (new(text), new(output), new(-1));
        int i = 0;
        for (; i <= count - Vector<double>.Count; i += Vector<double>.Count)
        {
            Vector<double> cost = (texts * At(textRate, i)) + (outputs * At(outputRate, i));
            cost = hasTools ? cost + At(toolFee, i) : cost;
            cost = set.HasFees ? cost + At(fee, i) : cost;
            highest = Vector.MaxNative(highest, cost);
            cost.StoreUnsafe(ref MemoryMarshal.GetReference(costs), (nuint)i);
        }

        double dearest = Highest(highest);
        for (; i < count; i++)
        {
            costs[i] = set.CostOf(i, text, hasTools, output);
            dearest = Math.Max(dearest, costs[i]);
        }

        return (count, Find(costs, dearest));

        // The loop's condition keeps within every column: all are as long as the costs.
        static Vector<double> At(ReadOnlySpan<double> column, int at) => Vector.LoadUnsafe(ref MemoryMarshal.GetReference(column), (nuint)at);
    }

    /// <summary>Counts the candidates that can serve the request, and finds the dearest of them.</summary>
    /// <param name="costs">The costs; infinity for a candidate that can't.</param>
    /// <returns>How many can, and the position of the first of the dearest; −1 if none can.</returns>
    public static (int Eligible, int Dearest) Survey(ReadOnlySpan<double> costs)
    {
        var never = new Vector<double>(double.PositiveInfinity);
        var none = new Vector<double>(-1);
        Vector<double> highest = none;
        Vector<long> counts = Vector<long>.Zero;
        int i = 0;
        for (; i <= costs.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var some = new Vector<double>(costs[i..]);
            Vector<long> areFinite = Vector.LessThan(some, never);
            counts -= areFinite;
            highest = Vector.MaxNative(highest, Vector.ConditionalSelect(areFinite, some, none));
        }

        int eligible = (int)Vector.Sum(counts);
        double dearest = Highest(highest);
        for (; i < costs.Length; i++)
        {
            if (double.IsFinite(costs[i]))
            {
                eligible++;
                dearest = Math.Max(dearest, costs[i]);
            }
        }

        return (eligible, eligible == 0 ? -1 : Find(costs, dearest));
    }

    private static double Highest(Vector<double> several)
    {
        double highest = several[0];
        for (int lane = 1; lane < Vector<double>.Count; lane++)
        {
            highest = Math.Max(highest, several[lane]);
        }

        return highest;
    }

    // By its bits, which the platform searches for several at once too.
    private static int Find(ReadOnlySpan<double> costs, double cost) => MemoryMarshal.Cast<double, long>(costs).IndexOf(BitConverter.DoubleToInt64Bits(cost));
}
