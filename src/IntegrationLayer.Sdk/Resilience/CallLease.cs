namespace IntegrationLayer.Sdk.Resilience;

/// <summary>Leave to make one call to one deployment: counted as under way until it is ended, which happens once, however often it is asked for.</summary>
internal sealed class CallLease(DeploymentHealth deployment, Permit own, Permit accounts) : IDisposable
{
    private Permit _own = own;
    private Permit _accounts = accounts;
    private int _hasEnded;

    /// <summary>Content has come: a trial needn't wait for the end of a stream.</summary>
    public void Answered()
    {
        if (Volatile.Read(ref _hasEnded) == 0)
        {
            _own = deployment.Breaker.Answered(_own);
            _accounts = deployment.Account.Breaker.Answered(_accounts);
        }
    }

    /// <summary>Ends the call.</summary>
    /// <param name="diagnosis">What it says about the deployment and the account.</param>
    /// <param name="retryAfter">How long the sender asked to wait.</param>
    public void End(Diagnosis diagnosis, TimeSpan? retryAfter = null)
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) == 0)
        {
            deployment.Leave(_own, _accounts, diagnosis, retryAfter);
        }
    }

    /// <summary>Ends a call that nobody could say anything about.</summary>
    public void Dispose() => End(default);
}
