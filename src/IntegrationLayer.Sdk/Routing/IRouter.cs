namespace IntegrationLayer.Sdk.Routing;

/// <summary>Orders the deployments that can serve a request; the first is called, the rest stand by.</summary>
/// <remarks>Called for every request on its own thread: pure, synchronous, no I/O, safe for concurrent use. To choose by another rule, register an <see cref="IRoutingPolicy"/> instead.</remarks>
public interface IRouter
{
    /// <summary>Picks the best candidates of one request.</summary>
    /// <param name="context">The request and its candidates.</param>
    /// <param name="best">Receives positions in the candidates, best first.</param>
    /// <returns>How many were picked; zero means that the request is not served.</returns>
    int Rank(in RouteContext context, Span<int> best);
}
