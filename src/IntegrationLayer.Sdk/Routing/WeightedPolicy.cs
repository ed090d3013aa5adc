using System.Buffers;
using System.Numerics;

namespace IntegrationLayer.Sdk.Routing;

/// <summary>A random order in which each deployment is first with probability weight / sum of weights, and so on for the rest.</summary>
/// <remarks>
/// Few candidates run a race: scores are exponential variates of rate weight, the smallest of which is a weighted draw without replacement (Efraimidis and
/// Spirakis 2006). Among many, one is drawn after the other by its share of the sum, and drawn again if it was drawn before or can't serve; when that
/// happens too often, what is left runs the race. Both give every order the same probability.
/// </remarks>
internal sealed class WeightedPolicy(RandomSource random) : IPickingPolicy
{
    // Fewer race faster than they are drawn.
    private const int FewestToDraw = 64;

    // Puts those that are too busy behind all others, in the same order.
    private const double Behind = 1e100;

    public string Name => RoutingPolicies.Weighted;

    public void Score(in RouteContext context, Span<double> scores)
    {
        ReadOnlySpan<double> weights = context.Candidates.Weight;
        if (context.AffinityKey != 0)
        {
            ScoreSession(context, weights, scores);
            return;
        }

        random.NextPositive(scores);
        int i = 0;
        for (; i <= scores.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var weight = new Vector<double>(weights[i..]);
            Vector<double> time = -Vector.Log(new Vector<double>(scores[i..])) / weight;
            Vector.ConditionalSelect(Vector.GreaterThan(weight, Vector<double>.Zero), time, new Vector<double>(double.PositiveInfinity)).CopyTo(scores[i..]);
        }

        for (; i < scores.Length; i++)
        {
            scores[i] = weights[i] > 0 ? -Math.Log(scores[i]) / weights[i] : double.PositiveInfinity;
        }
    }

    public int Pick(in RouteContext context, Span<int> best)
    {
        int drawn = context.Costs.Length < FewestToDraw || context.AffinityKey != 0 ? 0 : Draw(context, best);
        return drawn == best.Length ? drawn : drawn + Race(context, best[..drawn], best[drawn..]);
    }

    // One session, one order: a race whose times are hashed, not drawn. Who is too busy for its sessions comes after the others.
    private static void ScoreSession(in RouteContext context, ReadOnlySpan<double> weights, Span<double> scores)
    {
        (int inFlight, double weight) = (0, 0);
        for (int i = 0; i < scores.Length; i++)
        {
            bool isOne = weights[i] > 0 && double.IsFinite(context.Costs[i]);
            inFlight += isOne ? context.InFlight(i) : 0;
            weight += isOne ? weights[i] : 0;
        }

        double perWeight = (inFlight + 1) / Math.Max(weight, double.Epsilon);
        for (int i = 0; i < scores.Length; i++)
        {
            double distance = weights[i] > 0 ? Balancer.Distance(context, i) : double.PositiveInfinity;
            scores[i] = Balancer.IsTooBusy(context, i, perWeight) ? (distance + 1) * Behind : distance;
        }
    }

    // As many as there are places, unless too many draws are lost.
    private int Draw(in RouteContext context, Span<int> best)
    {
        (double[] weights, double[] upTo) = (context.Candidates.Weight, context.Candidates.WeightUpTo);
        int drawn = 0;
        for (int draws = (4 * best.Length) + 16; drawn < best.Length && draws > 0; draws--)
        {
            // The first whose sum reaches the number.
            int at = upTo.AsSpan().BinarySearch(new FirstToReach(random.NextPositive() * upTo[^1]));
            int candidate = Math.Min(~at, upTo.Length - 1);
            if (weights[candidate] > 0 && double.IsFinite(context.Costs[candidate]) && !best[..drawn].Contains(candidate))
            {
                best[drawn++] = candidate;
            }
        }

        return drawn;
    }

    private int Race(in RouteContext context, ReadOnlySpan<int> drawn, Span<int> best)
    {
        double[] scores = ArrayPool<double>.Shared.Rent(context.Costs.Length);
        try
        {
            Span<double> each = scores.AsSpan(0, context.Costs.Length);
            Score(context, each);
            foreach (int candidate in drawn)
            {
                each[candidate] = double.PositiveInfinity;
            }

            return LowestScores.Pick(each, context.Costs, best);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(scores);
        }
    }

    // Never equal, so that the search ends where the first that reaches the number is, whatever equals it.
    private readonly struct FirstToReach(double number) : IComparable<double>
    {
        public int CompareTo(double other) => number > other ? 1 : -1;
    }
}
