namespace IntegrationLayer.Sdk.Costing;

/// <summary>What to do with a deployment whose price nobody knows. It is never taken for free.</summary>
public enum UnknownPricePolicy
{
    /// <summary>Don't route to it.</summary>
    Deny = 0,

    /// <summary>Route to it, reckoning with the highest known price of all configured deployments.</summary>
    UseUpperBound,

    /// <summary>Route to it after all others; its cost is reported as unknown.</summary>
    AllowAndFlag,
}
