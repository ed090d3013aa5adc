using System.Numerics;

namespace IntegrationLayer.Sdk.Routing;

/// <summary>The lowest and the highest of some values, over the candidates that can serve a request.</summary>
internal readonly record struct ScoreRange(double Low, double High)
{
    /// <summary>Finds the range of values whose cost is finite. NaN is left out.</summary>
    public static ScoreRange Of(ReadOnlySpan<double> values, ReadOnlySpan<double> costs)
    {
        var never = new Vector<double>(double.PositiveInfinity);
        (Vector<double> lows, Vector<double> highs) = (never, -never);
        int i = 0;
        for (; i <= values.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var some = new Vector<double>(values[i..]);
            Vector<long> count = Vector.LessThan(new Vector<double>(costs[i..]), never) & Vector.Equals(some, some);
            lows = Vector.MinNative(lows, Vector.ConditionalSelect(count, some, never));
            highs = Vector.MaxNative(highs, Vector.ConditionalSelect(count, some, -never));
        }

        (double low, double high) = (double.PositiveInfinity, double.NegativeInfinity);
        for (int lane = 0; lane < Vector<double>.Count; lane++)
        {
            (low, high) = (Math.Min(low, lows[lane]), Math.Max(high, highs[lane]));
        }

        for (; i < values.Length; i++)
        {
            if (costs[i] < double.PositiveInfinity && !double.IsNaN(values[i]))
            {
                (low, high) = (Math.Min(low, values[i]), Math.Max(high, values[i]));
            }
        }

        return new ScoreRange(low, high);
    }

    /// <summary>Scales values of the range to 0..<paramref name="weight"/>; to nothing where all are the same, or none was seen.</summary>
    public Term Share(double weight) => High > Low ? new Term(Low, weight / (High - Low)) : default;

    /// <summary>A term of a weighted sum.</summary>
    internal readonly record struct Term(double Low, double Factor)
    {
        public bool IsNothing => Factor == 0;

        // What was never observed gets the benefit of the doubt.
        public double Of(double value) => double.IsNaN(value) ? 0 : (value - Low) * Factor;

        public Vector<double> Of(Vector<double> values) =>
            Vector.ConditionalSelect(Vector.Equals(values, values), (values - new Vector<double>(Low)) * new Vector<double>(Factor), Vector<double>.Zero);
    }
}
