using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Resilience;

/// <summary>The health of a deployment, with that of its account, and how busy it is.</summary>
internal sealed class DeploymentHealth(CircuitBreaker breaker, AccountHealth account) : DeploymentLoad
{
    // Where the configuration in force keeps it; a full deployment is marked there.
    private volatile HealthTable? _table;
    private Headroom? _headroom;
    private AnswerTimes? _wholeTimes;
    private AnswerTimes? _streamTimes;

    /// <summary>Gets its position in the configuration in force.</summary>
    public int Index { get; private set; }

    public CircuitBreaker Breaker { get; } = breaker;

    public AccountHealth Account { get; } = account;

    /// <summary>Gets how much its provider will still take; <see langword="null"/> if it never said.</summary>
    public Headroom? Headroom => Volatile.Read(ref _headroom);

    /// <summary>Gets how long its answers, or the first contents of its streams, took; <see langword="null"/> if that was never noted.</summary>
    public AnswerTimes? TimesOf(bool isStream) => Volatile.Read(ref isStream ? ref _streamTimes : ref _wholeTimes);

    /// <summary>Notes how long an answer, or the first content of a stream, took.</summary>
    public void Answered(bool isStream, TimeSpan time) =>
        (TimesOf(isStream) ?? Interlocked.CompareExchange(ref isStream ? ref _streamTimes : ref _wholeTimes, new AnswerTimes(), null) ?? TimesOf(isStream)!).Record(time);

    /// <summary>Takes over what its provider said of its limits.</summary>
    public void Hear(RateLimits limits, TimeProvider time)
    {
        Headroom headroom = Headroom ?? Interlocked.CompareExchange(ref _headroom, new Headroom(time), null) ?? Headroom!;
        headroom.Hear(limits);
    }

    /// <summary>Takes its place in the configuration in force.</summary>
    public void Settle(HealthTable table, Deployment deployment)
    {
        (Limit, Index) = (deployment.MaxConcurrency ?? int.MaxValue, deployment.Index);
        _table = table;
        Breaker.Watch(isIll => table.Mark(deployment.Index, HealthTable.OwnMark, isIll));
    }

    /// <summary>Says whether it may be called now, as far as that doesn't depend on its account.</summary>
    public Availability Examine()
    {
        HealthVerdict verdict = Breaker.Examine();
        return verdict.IsAvailable && IsFull ? new Availability(verdict, Limit: Limit) : new Availability(verdict);
    }

    /// <summary>Begins a call.</summary>
    /// <param name="isLastResort">Whether nobody else is left.</param>
    /// <returns>What ends it; <see langword="null"/> if it may not be made.</returns>
    public CallLease? TryEnter(bool isLastResort)
    {
        if (!TryBegin())
        {
            return null;
        }

        if (Account.Breaker.TryEnter(isLastResort, out Permit accounts))
        {
            if (Breaker.TryEnter(isLastResort, out Permit own))
            {
                if (IsFull)
                {
                    _table?.Mark(Index, HealthTable.FullMark, isSet: true);
                }

                return new CallLease(this, own, accounts);
            }

            Account.Leave(accounts, CallOutcome.Neutral, isRefusal: false, retryAfter: null);
        }

        End();
        return null;
    }

    /// <summary>Ends a call.</summary>
    public void Leave(Permit own, Permit accounts, Diagnosis diagnosis, TimeSpan? retryAfter)
    {
        End();
        Breaker.Leave(own, diagnosis.Deployment, retryAfter);
        Account.Leave(accounts, diagnosis.Account, diagnosis.IsRefusal, retryAfter);
        _table?.Line.Advance();
    }
}
