namespace IntegrationLayer.Sdk.Resilience;

/// <summary>What a call says about the health of what it was made to.</summary>
internal enum CallOutcome
{
    /// <summary>Nothing: the caller was at fault or gave up, a guardrail or a budget said no, or something else than this failed.</summary>
    Neutral = 0,

    /// <summary>It answered.</summary>
    Success,

    /// <summary>It could not be reached, reported an error of its own (5xx), or answered nonsense.</summary>
    Failure,

    /// <summary>It didn't answer in time.</summary>
    Timeout,

    /// <summary>It broke off within the answer.</summary>
    Truncated,

    /// <summary>It asked to be left alone for a while (429).</summary>
    RateLimited,

    /// <summary>The account has no money or quota left.</summary>
    QuotaExhausted,

    /// <summary>The account's credential is refused.</summary>
    CredentialRefused,
}
