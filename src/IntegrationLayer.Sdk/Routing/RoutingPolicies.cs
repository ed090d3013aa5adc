namespace IntegrationLayer.Sdk.Routing;

/// <summary>The names of the built-in routing policies. Names are compared without regard to case.</summary>
public static class RoutingPolicies
{
    /// <summary>Gets the name of the policy that puts the cheapest deployment for this request first.</summary>
    public static string LowestCost => nameof(LowestCost);

    /// <summary>Gets the name of the policy that puts the deployment with the shortest expected time first.</summary>
    public static string LowestLatency => nameof(LowestLatency);

    /// <summary>Gets the name of the policy that puts the less loaded of two deployments drawn at random first: by expected time, calls under way and <see cref="Models.Deployment.Weight"/>.</summary>
    public static string LeastLoaded => nameof(LeastLoaded);

    /// <summary>Gets the name of the policy that puts the best deployment first, the cheaper of equals.</summary>
    public static string HighestQuality => nameof(HighestQuality);

    /// <summary>Gets the name of the policy that spreads requests in proportion to <see cref="Models.Deployment.Weight"/>.</summary>
    public static string Weighted => nameof(Weighted);

    /// <summary>Gets the name of the policy that keeps to <see cref="Models.Deployment.Priority"/>, the cheaper of equals first.</summary>
    public static string Priority => nameof(Priority);

    /// <summary>Gets the name of the policy that weighs cost, quality and latency.</summary>
    public static string Balanced => nameof(Balanced);
}
