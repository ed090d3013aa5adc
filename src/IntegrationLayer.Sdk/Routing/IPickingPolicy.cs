namespace IntegrationLayer.Sdk.Routing;

/// <summary>A policy that knows a shorter way to the best candidates than to score all of them.</summary>
internal interface IPickingPolicy : IRoutingPolicy
{
    /// <summary>Picks the best candidates of those whose cost is finite, best first.</summary>
    /// <param name="context">The request and its candidates.</param>
    /// <param name="best">Receives their positions.</param>
    /// <returns>How many there are; at most as many as <paramref name="best"/> has places.</returns>
    int Pick(in RouteContext context, Span<int> best);
}
