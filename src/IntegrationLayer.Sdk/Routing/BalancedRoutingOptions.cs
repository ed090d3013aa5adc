namespace IntegrationLayer.Sdk.Routing;

/// <summary>How much each side counts under the policy <see cref="RoutingPolicies.Balanced"/>. Only the proportions matter.</summary>
/// <remarks>Every weight is a finite number of zero or more, and at least one is over zero; anything else is an error at the start.</remarks>
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
