using IntegrationLayer.Sdk.Routing;

namespace Sample07.CustomRoutingPolicy;

/// <summary>Spares no cost where a mistake is dear: price stands in for quality, as long as nobody has measured it.</summary>
/// <remarks>Called for every request: no I/O, no allocation. A candidate that can't serve the request is left out whatever its score.</remarks>
internal sealed class ImportantWorkPolicy : IRoutingPolicy
{
    public const string PolicyName = "ImportantWork";

    public string Name => PolicyName;

    public void Score(in RouteContext context, Span<double> scores)
    {
        bool isImportant = context.Request.Context.Operation is "review-contract" or "draft-contract";
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = isImportant ? -context.Costs[i] : context.Costs[i];
        }
    }
}
