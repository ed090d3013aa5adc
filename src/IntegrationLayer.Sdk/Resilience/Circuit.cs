using System.Globalization;

namespace IntegrationLayer.Sdk.Resilience;

/// <summary>The states that failures lead to and successes lead out of: healthy, open, half-open, recovering, healthy. Not synchronised: its owner is.</summary>
/// <remarks>
/// It opens when, of at least <see cref="HealthOptions.MinimumCalls"/> calls, the ratio of failures reaches <see cref="HealthOptions.OpenRatio"/>, or after so many
/// in a row. The pause doubles each time. Then single trials decide, and the share of traffic grows in steps; whoever fails
/// <see cref="HealthOptions.OpenRatio"/> of the calls of the recovery, its trials among them, starts over. Less than that only degrades it, now as later: one that
/// answers nine of ten calls is of use, and would never get through a recovery that forgives nothing.
/// </remarks>
internal sealed class Circuit(HealthEnvironment environment)
{
    private static readonly TimeSpan ShortestQuotaHint = TimeSpan.FromMinutes(1);

    private CallWindow? _window;
    private TimeSpan _since;
    private TimeSpan _stepSince;
    private long _degradedIn;
    private int _openings;
    private int _benches;
    private int _failuresInRow;
    private int _truncationsInRow;
    private int _passed;
    private int _step;
    private CallCounts _recovery;

    /// <summary>Gets the state: never <see cref="HealthState.Cooling"/>.</summary>
    public HealthState State { get; private set; }

    /// <summary>Gets when the pause ends; infinite if only <see cref="Reset"/> ends it.</summary>
    public TimeSpan Until { get; private set; }

    /// <summary>Gets what led to the state.</summary>
    public string? Reason { get; private set; }

    /// <summary>Gets a number that is another one each time the circuit turns.</summary>
    public int Number { get; private set; }

    /// <summary>Gets a value indicating whether the one trial call is under way.</summary>
    public bool IsTrialOut { get; private set; }

    /// <summary>Gets the share of its usual traffic that it should get.</summary>
    public double Share => State switch
    {
        HealthState.Open or HealthState.Benched => 0,
        HealthState.HalfOpen => IsTrialOut ? 0 : 1,
        HealthState.Recovering => Options.Shares[Math.Min(_step, Options.Shares.Count - 1)],
        HealthState.Degraded => Options.DegradedShare,
        _ => 1,
    };

    private HealthOptions Options => environment.Options();

    /// <summary>Counts the calls of the last while.</summary>
    public CallCounts Count(TimeSpan now) => _window?.Sum(now, Options.Window) ?? default;

    /// <summary>Does what the time that has passed does.</summary>
    public void Advance(TimeSpan now)
    {
        while (Step(now))
        {
        }
    }

    /// <summary>Takes the place of the trial call, where there is one to take.</summary>
    /// <returns>Whether the call is the trial.</returns>
    public bool TakeTrial()
    {
        bool isTrial = State is HealthState.HalfOpen && !IsTrialOut;
        IsTrialOut |= isTrial;
        return isTrial;
    }

    public void EndTrial(TimeSpan now)
    {
        IsTrialOut = false;
        _since = now;
    }

    public void Succeed(TimeSpan now)
    {
        _failuresInRow = 0;
        _truncationsInRow = 0;
        switch (State)
        {
            case HealthState.Open:
                // Called as a last resort, it answered: better proof than any pause.
                Turn(HealthState.HalfOpen, now);
                Pass(now, passed: 1);
                break;
            case HealthState.HalfOpen:
                Pass(now, _passed + 1);
                break;
            case HealthState.Recovering:
                _recovery += new CallCounts(1, 0, 0, 0);
                if (++_passed >= Options.RecoveryStepCalls)
                {
                    NextShare(now);
                }

                break;
            case HealthState.Healthy or HealthState.Degraded:
                (_window ??= new CallWindow()).Add(now, Options.Window, CallOutcome.Success);
                if (State is HealthState.Degraded)
                {
                    Weigh(now);
                }

                break;
        }
    }

    public void Fail(TimeSpan now, CallOutcome outcome)
    {
        switch (State)
        {
            case HealthState.HalfOpen:
                Open(now, "the trial call failed");
                break;
            case HealthState.Recovering:
                _recovery += new CallCounts(0, 1, 0, 0);
                if (_recovery.ErrorRatio >= Options.OpenRatio)
                {
                    Open(now, "calls failed again while it recovered");
                }

                break;
            case HealthState.Healthy or HealthState.Degraded:
                (_window ??= new CallWindow()).Add(now, Options.Window, outcome);
                _failuresInRow += outcome is CallOutcome.Truncated ? 0 : 1;
                _truncationsInRow += outcome is CallOutcome.Truncated ? 1 : 0;
                Weigh(now);
                break;
        }
    }

    /// <summary>Gets how long an account without quota is left alone.</summary>
    /// <param name="hint">When the provider says that it helps to ask again. Some name the reset of their rate limits, which is seconds and has nothing to do with it.</param>
    public TimeSpan QuotaRest(TimeSpan? hint) =>
        hint >= ShortestQuotaHint ? hint.Value : environment.Backoff(Options.QuotaRest, Options.MaxQuotaRest, _benches, Options.Jitter);

    /// <summary>Leaves it alone for a cause that short pauses don't help.</summary>
    /// <param name="now">The time.</param>
    /// <param name="length">For how long; infinite to wait for <see cref="Reset"/>.</param>
    /// <param name="reason">The cause.</param>
    public void Bench(TimeSpan now, TimeSpan length, string reason)
    {
        _benches++;
        Turn(HealthState.Benched, now);
        Until = length == Timeout.InfiniteTimeSpan ? length : now + length;
        Reason = reason;
    }

    /// <summary>Trips at the next failure: others have seen it fail.</summary>
    public void Suspect() => _failuresInRow = Math.Max(_failuresInRow, Options.ConsecutiveFailures - 1);

    /// <summary>Forgets everything.</summary>
    public void Reset(TimeSpan now)
    {
        (_openings, _benches) = (0, 0);
        Close(now);
    }

    private bool Step(TimeSpan now)
    {
        HealthOptions options = Options;
        switch (State)
        {
            case HealthState.Open or HealthState.Benched when Until != Timeout.InfiniteTimeSpan && now >= Until:
                Turn(HealthState.HalfOpen, Until);
                _passed = 0;
                return true;
            case HealthState.HalfOpen when !IsTrialOut && now - _since >= options.Forgiveness:
                // Nobody came: what was known is too old to keep anybody away.
                _openings = Math.Max(0, _openings - 1);
                Close(_since + options.Forgiveness);
                return true;
            case HealthState.Recovering when now - _stepSince >= options.RecoveryStep:
                NextShare(_stepSince + options.RecoveryStep);
                return true;
            case HealthState.Degraded when CallWindow.StepOf(now, options.Window) != _degradedIn:
                Weigh(now);
                return false;
            default:
                return false;
        }
    }

    private void Pass(TimeSpan now, int passed)
    {
        _passed = passed;
        if (_passed >= Options.TrialCalls)
        {
            Turn(HealthState.Recovering, now);
            Reason = "trial calls were answered";
            (_step, _passed, _recovery, _stepSince) = (0, 0, new CallCounts(_passed, 0, 0, 0), now);
        }
    }

    private void NextShare(TimeSpan now)
    {
        (_passed, _stepSince) = (0, now);
        if (++_step >= Options.Shares.Count)
        {
            _benches = 0;
            Close(now);
        }
    }

    // Whether what is in the window is too much, enough to take some traffic away, or forgotten.
    private void Weigh(TimeSpan now)
    {
        HealthOptions options = Options;
        CallCounts counts = Count(now);
        bool isRatioKnown = counts.Total >= options.MinimumCalls;
        _degradedIn = CallWindow.StepOf(now, options.Window);
        if (_failuresInRow >= options.ConsecutiveFailures)
        {
            Open(now, $"{_failuresInRow} failures in a row");
        }
        else if (_truncationsInRow >= options.ConsecutiveTruncations)
        {
            Open(now, $"{_truncationsInRow} answers in a row broke off");
        }
        else if (isRatioKnown && counts.ErrorRatio >= options.OpenRatio)
        {
            Open(now, Describe(counts));
        }
        else if (isRatioKnown && counts.ErrorRatio >= options.DegradedRatio)
        {
            Forgive(now);
            (State, Reason) = (HealthState.Degraded, Describe(counts));
        }
        else if (State is HealthState.Degraded)
        {
            (State, Reason, _since) = (HealthState.Healthy, null, now);
        }
    }

    private void Open(TimeSpan now, string reason)
    {
        HealthOptions options = Options;
        Forgive(now);
        Turn(HealthState.Open, now);
        Until = now + environment.Backoff(options.Pause, options.MaxPause, _openings++, options.Jitter);
        Reason = reason;
    }

    // A long time without trouble takes back what made the pauses longer.
    private void Forgive(TimeSpan now)
    {
        if (State is HealthState.Healthy)
        {
            _openings = (int)Math.Max(0, _openings - Math.Floor((now - _since) / Options.Forgiveness));
        }
    }

    private void Close(TimeSpan now)
    {
        Turn(HealthState.Healthy, now);
        Reason = null;
        _window?.Clear();
    }

    private void Turn(HealthState state, TimeSpan now)
    {
        State = state;
        Number++;
        (IsTrialOut, _since, _failuresInRow, _truncationsInRow) = (false, now, 0, 0);
    }

    private static string Describe(CallCounts counts) =>
        string.Create(CultureInfo.InvariantCulture, $"{counts.Unsuccessful} of {counts.Total} calls failed");
}
