namespace IntegrationLayer.Sdk.Resilience;

/// <summary>The health of an account: whether it has money, and whether its credential is taken.</summary>
internal sealed class AccountHealth(CircuitBreaker breaker)
{
    // One model that a credential may not use is no dead credential; this many in a row are.
    private const int RefusalsOfDeadCredential = 3;

    private int _refusals;

    public CircuitBreaker Breaker { get; } = breaker;

    /// <summary>Ends a call through the account.</summary>
    /// <param name="permit">The permit.</param>
    /// <param name="outcome">What the call says about the account.</param>
    /// <param name="isRefusal">Whether the credential was refused for one deployment.</param>
    /// <param name="retryAfter">How long the provider asked to wait.</param>
    public void Leave(Permit permit, CallOutcome outcome, bool isRefusal, TimeSpan? retryAfter)
    {
        if (isRefusal && Interlocked.Increment(ref _refusals) >= RefusalsOfDeadCredential)
        {
            outcome = CallOutcome.CredentialRefused;
        }

        if (outcome is CallOutcome.Success or CallOutcome.CredentialRefused && Volatile.Read(ref _refusals) != 0)
        {
            Volatile.Write(ref _refusals, 0);
        }

        // What most calls say of a healthy account needn't be counted: it doesn't fall ill by ratio.
        if (!Breaker.IsClear || outcome is CallOutcome.QuotaExhausted or CallOutcome.CredentialRefused)
        {
            Breaker.Leave(permit, outcome, retryAfter);
        }
    }
}
