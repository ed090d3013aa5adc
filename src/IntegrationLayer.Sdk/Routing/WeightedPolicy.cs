using System.Numerics;

namespace IntegrationLayer.Sdk.Routing;

/// <summary>A random order in which each deployment is first with probability weight / sum of weights, and so on for the rest.</summary>
/// <remarks>Scores are exponential variates of rate weight (Efraimidis and Spirakis 2006): the smallest of them is a weighted draw without replacement.</remarks>
internal sealed class WeightedPolicy(RandomSource random) : IRoutingPolicy
{
    public string Name => RoutingPolicies.Weighted;

    public void Score(in RouteContext context, Span<double> scores)
    {
        random.NextPositive(scores);
        int i = 0;
        for (; i <= scores.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            Vector.Log(new Vector<double>(scores[i..])).CopyTo(scores[i..]);
        }

        for (; i < scores.Length; i++)
        {
            scores[i] = Math.Log(scores[i]);
        }

        for (i = 0; i < scores.Length; i++)
        {
            double weight = context.Deployments[i].Weight;
            scores[i] = weight > 0 ? -scores[i] / weight : double.PositiveInfinity;
        }
    }
}
