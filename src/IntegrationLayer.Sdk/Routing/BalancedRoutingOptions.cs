namespace IntegrationLayer.Sdk.Routing;

/// <summary>How much each side counts under the policy <see cref="RoutingPolicies.Balanced"/>. Only the proportions matter.</summary>
public sealed class BalancedRoutingOptions
{
    /// <summary>Gets or sets the weight of cost.</summary>
    /// <value>The default is 0.4.</value>
    public double Cost { get; set; } = 0.4;

    /// <summary>Gets or sets the weight of quality.</summary>
    /// <value>The default is 0.4.</value>
    public double Quality { get; set; } = 0.4;

    /// <summary>Gets or sets the weight of latency.</summary>
    /// <value>The default is 0.2.</value>
    public double Latency { get; set; } = 0.2;
}
