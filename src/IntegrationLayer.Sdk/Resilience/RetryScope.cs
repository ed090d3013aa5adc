namespace IntegrationLayer.Sdk.Resilience;

/// <summary>Who may be called after a failure.</summary>
internal enum RetryScope
{
    /// <summary>Nobody: the failure would repeat itself, or is not to be bypassed.</summary>
    Nobody,

    /// <summary>Deployments with a larger context.</summary>
    LargerContexts,

    /// <summary>Deployments of other accounts.</summary>
    OtherAccounts,

    /// <summary>Any other deployment.</summary>
    Others,

    /// <summary>Any other deployment; when there is none left, after a while, the same one again.</summary>
    OthersThenAgain,
}
