namespace IntegrationLayer.Sdk.Routing;

/// <summary>A named way to order deployments; configuration and requests refer to it by name. Register one with <c>AddRoutingPolicy&lt;T&gt;()</c>.</summary>
/// <remarks>Called for every request: pure, synchronous, no I/O, no allocation if it can be helped, safe for concurrent use.</remarks>
public interface IRoutingPolicy
{
    /// <summary>Gets the name, unique without regard to case.</summary>
    string Name { get; }

    /// <summary>Gives each candidate a score; the lowest is called first. Of candidates that share the lowest score, load decides who comes first; of other equals, the one configured first does.</summary>
    /// <param name="context">The request and its candidates.</param>
    /// <param name="scores">Receives one score for each candidate. Infinity or NaN means that the candidate is not to be called.</param>
    void Score(in RouteContext context, Span<double> scores);
}
