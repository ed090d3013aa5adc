using System.Numerics;
using System.Runtime.InteropServices;

namespace IntegrationLayer.Sdk.Costing;

/// <summary>Looks at the costs of all candidates, several at once.</summary>
internal static class CostColumn
{
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
        double dearest = -1;
        for (int lane = 0; lane < Vector<double>.Count; lane++)
        {
            dearest = Math.Max(dearest, highest[lane]);
        }

        for (; i < costs.Length; i++)
        {
            if (double.IsFinite(costs[i]))
            {
                eligible++;
                dearest = Math.Max(dearest, costs[i]);
            }
        }

        // By its bits, which the platform searches for several at once too.
        return (eligible, eligible == 0 ? -1 : MemoryMarshal.Cast<double, long>(costs).IndexOf(BitConverter.DoubleToInt64Bits(dearest)));
    }
}
