namespace IntegrationLayer.Sdk.Usage;

/// <summary>What groups are ranked by.</summary>
public enum UsageMeasure
{
    /// <summary>What was paid.</summary>
    Cost = 0,

    /// <summary>What was saved, of all kinds.</summary>
    Saving,

    /// <summary>The number of requests.</summary>
    Requests,

    /// <summary>Tokens in and out.</summary>
    Tokens,

    /// <summary>Requests that failed.</summary>
    Errors,
}
