namespace IntegrationLayer.Sdk.Resilience;

/// <summary>The passive health of one thing that calls depend on: a deployment, an account, or an endpoint of the gateway.</summary>
/// <remarks>
/// <para>Use: ask <see cref="Examine"/> when choosing, and give the chosen one its share of the traffic (a share of 0.25 means that it may be chosen for one of four
/// requests that would have gone there; the dice are the chooser's). Then, for each call, <see cref="TryEnter"/>, which can refuse, and exactly one
/// <see cref="Leave"/>, whatever became of the call. A stream calls <see cref="Answered"/> at its first content, so that a trial needn't last as long as an answer.</para>
/// <para>While it is healthy, examining and entering read one flag; what calls come to is counted under a lock held for some tens of nanoseconds. Time passes when
/// somebody looks: there is no timer.</para>
/// </remarks>
internal sealed class CircuitBreaker
{
    private readonly Lock _gate = new();
    private readonly HealthEnvironment _environment;
    private readonly Circuit _circuit;
    private readonly RestTimer _rest;
    private readonly long _startedAt;
    private Action<bool>? _attention;
    private HealthState _told;
    private TimeSpan _toldAt;
    private volatile bool _isClear = true;

    public CircuitBreaker(HealthKind kind, string name, HealthEnvironment environment)
    {
        Kind = kind;
        Name = name;
        _environment = environment;
        _circuit = new Circuit(environment);
        _rest = new RestTimer(environment);
        _startedAt = environment.Time.GetTimestamp();
    }

    /// <summary>Gets what it is the health of.</summary>
    public HealthKind Kind { get; }

    /// <summary>Gets the deployment's, account's or endpoint's name.</summary>
    public string Name { get; }

    /// <summary>Gets a value indicating whether it is healthy and has nothing to wait for: then its share is 1.</summary>
    public bool IsClear => _isClear;

    private TimeSpan Now => _environment.Time.GetElapsedTime(_startedAt);

    /// <summary>Names who is told, under the lock, whether looking at it is worth the while; told the present state at once.</summary>
    public void Watch(Action<bool> attention)
    {
        lock (_gate)
        {
            _attention = attention;
            attention(!_isClear);
        }
    }

    /// <summary>Says whether calls may be made now.</summary>
    public HealthVerdict Examine() => _isClear ? HealthVerdict.Healthy : Change(static (breaker, now, _) => breaker.Judge(now), 0);

    /// <summary>Asks leave to make a call.</summary>
    /// <param name="isLastResort">Whether nobody else is left: then only a bench refuses.</param>
    /// <param name="permit">What to give back when the call has ended.</param>
    /// <returns>Whether the call may be made.</returns>
    public bool TryEnter(bool isLastResort, out Permit permit)
    {
        // What turns meanwhile makes the call's result old news, at worst.
        permit = new Permit(_circuit.Number, _rest.Number);
        if (_isClear)
        {
            return true;
        }

        (bool mayEnter, permit) = Change(
            static (breaker, now, isLastResort) =>
            {
                Circuit circuit = breaker._circuit;
                bool mayEnter = breaker.Judge(now).IsAvailable || (isLastResort && circuit.State is not HealthState.Benched);
                return (mayEnter, new Permit(circuit.Number, breaker._rest.Number, mayEnter && circuit.TakeTrial()));
            },
            isLastResort);
        return mayEnter;
    }

    /// <summary>Counts a call as answered before it has ended, as far as that says something: a trial passes.</summary>
    /// <returns>The permit to give back at the end.</returns>
    public Permit Answered(Permit permit)
    {
        if (!permit.IsTrial)
        {
            return permit;
        }

        Leave(permit, CallOutcome.Success);
        return permit with { IsTrial = false, IsCounted = true };
    }

    /// <summary>Ends a call.</summary>
    /// <param name="permit">The permit, which is used up.</param>
    /// <param name="outcome">What the call came to.</param>
    /// <param name="retryAfter">How long the sender asked to wait, if it did.</param>
    public void Leave(Permit permit, CallOutcome outcome, TimeSpan? retryAfter = null)
    {
        if (outcome is CallOutcome.Neutral && !permit.IsTrial)
        {
            return;
        }

        Change(
            static (breaker, now, call) =>
            {
                breaker.Take(now, call.permit, call.outcome, call.retryAfter);
                return 0;
            },
            (permit, outcome, retryAfter));
    }

    /// <summary>Takes over what others have seen: a rest, or that it fails, which makes the next failure here decide.</summary>
    /// <param name="state">The state that it has for them.</param>
    /// <param name="rest">How long that lasts.</param>
    public void Hear(HealthState state, TimeSpan rest) => Change(
        static (breaker, now, heard) =>
        {
            switch (heard.state)
            {
                case HealthState.Cooling:
                    breaker._rest.Extend(now + heard.rest);
                    break;
                case HealthState.Benched when breaker._circuit.State is not HealthState.Benched:
                    breaker._circuit.Bench(now, heard.rest, "another process saw that it has no quota left");
                    break;
                case HealthState.Open:
                    breaker._circuit.Suspect();
                    break;
            }

            return 0;
        },
        (state, rest));

    /// <summary>Begins anew: what it was known by has changed.</summary>
    public void Reset() => Change(
        static (breaker, now, _) =>
        {
            breaker._circuit.Reset(now);
            breaker._rest.Reset();
            return 0;
        },
        0);

    /// <summary>Gives the verdict, what the recent calls came to, and since when the state has lasted.</summary>
    public (HealthVerdict Verdict, CallCounts Counts, DateTimeOffset Since) Report() => Change(
        static (breaker, now, _) => (breaker.Judge(now), breaker._circuit.Count(now), breaker._environment.Time.GetUtcNow() - (now - breaker._toldAt)), 0);

    private void Take(TimeSpan now, Permit permit, CallOutcome outcome, TimeSpan? retryAfter)
    {
        bool isCurrent = permit.Circuit == _circuit.Number;
        if (permit.IsTrial && isCurrent)
        {
            _circuit.EndTrial(now);
        }

        bool isNewRest = permit.Rest == _rest.Number;
        switch (outcome)
        {
            case CallOutcome.RateLimited:
                _rest.Begin(now, retryAfter, isNewRest);
                break;
            case CallOutcome.QuotaExhausted when isCurrent:
                _circuit.Bench(now, _circuit.QuotaRest(retryAfter), "no money or quota left");
                break;
            case CallOutcome.CredentialRefused when isCurrent:
                _circuit.Bench(now, _environment.Options().CredentialRest, "its credential is refused");
                break;
            case CallOutcome.Success:
                if (isNewRest)
                {
                    _rest.Succeed();
                }

                if (isCurrent && !permit.IsCounted)
                {
                    _circuit.Succeed(now);
                }

                break;
            case CallOutcome.Failure or CallOutcome.Timeout or CallOutcome.Truncated when isCurrent:
                _circuit.Fail(now, outcome);
                break;
        }
    }

    private HealthVerdict Judge(TimeSpan now)
    {
        HealthState state = _circuit.State;
        bool isStopped = state is HealthState.Open or HealthState.Benched;
        if (_rest.IsOn && !isStopped)
        {
            return new HealthVerdict(HealthState.Cooling, 0, Moment(now, _rest.Until), "too many requests");
        }

        return new HealthVerdict(state, _circuit.Share, isStopped ? Moment(now, _circuit.Until) : null, _circuit.Reason);
    }

    private DateTimeOffset? Moment(TimeSpan now, TimeSpan until) =>
        until == Timeout.InfiniteTimeSpan ? null : _environment.Time.GetUtcNow() + (until - now);

    // Every access that isn't to the flag: time first, then the change, then the news.
    private TResult Change<TState, TResult>(Func<CircuitBreaker, TimeSpan, TState, TResult> change, TState state)
    {
        TResult result;
        HealthChange? news = null;
        lock (_gate)
        {
            TimeSpan now = Now;
            _rest.Advance(now);
            _circuit.Advance(now);
            result = change(this, now, state);
            bool isClear = _circuit.State is HealthState.Healthy && !_rest.IsOn;
            if (isClear != _isClear)
            {
                _isClear = isClear;
                _attention?.Invoke(!isClear);
            }

            if (!isClear || _told != HealthState.Healthy)
            {
                news = News(now);
            }
        }

        if (news is { } told)
        {
            Tell(told);
        }

        return result;
    }

    private HealthChange? News(TimeSpan now)
    {
        HealthVerdict verdict = Judge(now);
        if (verdict.State == _told)
        {
            return null;
        }

        HealthState before = _told;
        (_told, _toldAt) = (verdict.State, now);
        return new HealthChange(Kind, Name, before, verdict.State, verdict.Until, verdict.Reason);
    }

    private void Tell(in HealthChange change)
    {
        foreach (IHealthObserver observer in _environment.Observers)
        {
            try
            {
                observer.Changed(change);
            }
            catch (Exception)
            {
                // Whoever watches must not fail the request that it watches.
            }
        }
    }
}
