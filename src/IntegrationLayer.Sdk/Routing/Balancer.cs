using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Routing;

/// <summary>Chooses among candidates that are equally good.</summary>
/// <remarks>
/// The less loaded of two drawn at random (Mitzenmacher 2001): nearly as even as the least loaded of all, without everybody rushing to it. Requests of one
/// session go where the session's hash says (rendezvous hashing, weighted), unless that place is too busy: then to the next one by the hash (consistent
/// hashing with bounded loads, Mirrokni, Thorup and Zadimoghaddam 2016).
/// </remarks>
internal static class Balancer
{
    /// <summary>Of the candidates that share the lowest score, lets load decide who comes first.</summary>
    /// <param name="context">The request and its candidates.</param>
    /// <param name="scores">Their scores.</param>
    /// <param name="best">The candidates of the lowest scores, in order.</param>
    /// <param name="random">Draws.</param>
    public static void Spread(in RouteContext context, ReadOnlySpan<double> scores, Span<int> best, RandomSource random)
    {
        if (best.Length < 2 || scores[best[0]] != scores[best[1]])
        {
            return;
        }

        int first = Choose(context, scores, scores[best[0]], random);
        int at = best.IndexOf(first);
        best[..(at < 0 ? best.Length - 1 : at)].CopyTo(best[1..]);
        best[0] = first;
    }

    /// <summary>Chooses among the candidates of one score that can serve the request; there is at least one.</summary>
    public static int Choose(in RouteContext context, ReadOnlySpan<double> scores, double score, RandomSource random)
    {
        (int count, int inFlight, double weight) = (0, 0, 0);
        for (int i = 0; i < scores.Length; i++)
        {
            if (IsOne(context, scores, score, i))
            {
                count++;
                inFlight += context.InFlight(i);
                weight += context.Candidates.Weight[i];
            }
        }

        int kept = context.PlaceKey == 0 ? -1 : ChooseByHash(context, scores, score, (inFlight + 1) / Math.Max(weight, double.Epsilon));
        return kept >= 0 ? kept : ChooseOfTwo(context, scores, score, count, random);
    }

    /// <summary>Gets a number that is smaller for one candidate than for all others in proportion to its weight, and always the same for one key.</summary>
    public static double Distance(in RouteContext context, int candidate)
    {
        ulong hash = StableHash.Mix(context.PlaceKey ^ context.Deployments[candidate].Hash);
        double uniform = ((hash >> 11) + 1) * (1.0 / (1UL << 53));
        return -Math.Log(uniform) / context.Candidates.Weight[candidate];
    }

    /// <summary>Says whether a candidate has so many calls under way that not even its sessions are to stay.</summary>
    /// <param name="context">The request and its candidates.</param>
    /// <param name="candidate">Its position.</param>
    /// <param name="perWeight">The calls under way, this one included, for each unit of weight of all it shares them with.</param>
    public static bool IsTooBusy(in RouteContext context, int candidate, double perWeight) =>
        IsTooBusy(context.Options, context.InFlight(candidate), perWeight * context.Candidates.Weight[candidate]);

    /// <summary>Says whether there are so many calls under way that no more are to be drawn there.</summary>
    /// <param name="options">How load is spread.</param>
    /// <param name="inFlight">The calls under way.</param>
    /// <param name="share">How many there would be if all were spread evenly.</param>
    public static bool IsTooBusy(LoadBalancingOptions options, int inFlight, double share) =>
        inFlight >= Math.Max(options.MinAffinityCalls, Math.Ceiling(options.MaxAffinityLoad * share));

    private static int ChooseByHash(in RouteContext context, ReadOnlySpan<double> scores, double score, double perWeight)
    {
        (int nearest, double least) = (-1, double.PositiveInfinity);
        for (int i = 0; i < scores.Length; i++)
        {
            if (IsOne(context, scores, score, i) && !IsTooBusy(context, i, perWeight) && Distance(context, i) is var distance && distance < least)
            {
                (nearest, least) = (i, distance);
            }
        }

        return nearest;
    }

    private static int ChooseOfTwo(in RouteContext context, ReadOnlySpan<double> scores, double score, int count, RandomSource random)
    {
        int one = Draw(random, count);
        int other = count > 1 ? Draw(random, count - 1) : one;
        other += other >= one && count > 1 ? 1 : 0;
        (int first, int second) = (-1, -1);
        for (int i = 0, at = 0; i < scores.Length && (first < 0 || second < 0); i++)
        {
            if (IsOne(context, scores, score, i))
            {
                first = at == one ? i : first;
                second = at == other ? i : second;
                at++;
            }
        }

        return context.Load(second) < context.Load(first) ? second : first;
    }

    // The number is over 0 and up to 1.
    private static int Draw(RandomSource random, int count) => Math.Min(count - 1, (int)((1 - random.NextPositive()) * count));

    private static bool IsOne(in RouteContext context, ReadOnlySpan<double> scores, double score, int candidate) =>
        scores[candidate] == score && double.IsFinite(context.Costs[candidate]);
}
