namespace IntegrationLayer.Sdk.Routing;

/// <summary>Plans routes without calling anything: what would a request do, and why.</summary>
public interface IRoutePlanner
{
    /// <summary>Decides where a request would go now.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Cancels the planning.</param>
    /// <returns>The decision, with a reason for each deployment that can't serve. Its ranking holds up to 64 deployments, and is empty if none can.</returns>
    ValueTask<RouteDecision> RouteAsync(LlmRequest request, CancellationToken cancellationToken = default);
}
