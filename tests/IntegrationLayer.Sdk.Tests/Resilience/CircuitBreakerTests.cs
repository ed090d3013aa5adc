using IntegrationLayer.Sdk.Resilience;

namespace IntegrationLayer.Sdk.Tests.Resilience;

internal sealed class CircuitBreakerTests
{
    [Test]
    public void New_one_is_clear_and_tells_nothing()
    {
        var host = new BreakerHost();
        host.Call(CallOutcome.Success, 100);

        Assert.That(host.Breaker.IsClear, Is.True);
        Assert.That(host.Breaker.Examine(), Is.EqualTo(HealthVerdict.Healthy));
        Assert.That(host.Changes, Is.Empty);
    }

    [TestCase(nameof(CallOutcome.Failure), 5)]
    [TestCase(nameof(CallOutcome.Timeout), 5)]
    [TestCase(nameof(CallOutcome.Truncated), 3)]
    public void Failures_in_a_row_open_it_at_once(string outcome, int limit)
    {
        var host = new BreakerHost();
        host.Call(CallOutcome.Success, 100);
        host.Call(Enum.Parse<CallOutcome>(outcome), limit - 1);
        Assert.That(host.State, Is.EqualTo(HealthState.Healthy));

        host.Call(Enum.Parse<CallOutcome>(outcome));
        Assert.That(host.State, Is.EqualTo(HealthState.Open));
        Assert.That(host.MayEnter(), Is.False);
        Assert.That(host.Breaker.Examine().ToString(), Does.StartWith($"open until 12:00:05.000Z: {limit} "));
    }

    [Test]
    public void Success_in_between_breaks_a_row()
    {
        var host = new BreakerHost(o => o.MinimumCalls = 1000);
        for (int i = 0; i < 20; i++)
        {
            host.Call(CallOutcome.Failure, 4);
            host.Call(CallOutcome.Truncated, 2);
            host.Call(CallOutcome.Success);
        }

        Assert.That(host.State, Is.EqualTo(HealthState.Healthy));
    }

    [Test]
    public void Half_of_twenty_calls_failing_opens_it_and_of_nineteen_does_not()
    {
        var host = new BreakerHost(o => o.ConsecutiveFailures = 100);
        host.Call(CallOutcome.Success, 9);
        host.Call(CallOutcome.Failure, 10);
        Assert.That(host.State, Is.EqualTo(HealthState.Healthy), "nineteen calls say nothing yet");

        host.Call(CallOutcome.Failure);
        Assert.That(host.State, Is.EqualTo(HealthState.Open));
        Assert.That(host.Breaker.Examine().Reason, Is.EqualTo("11 of 20 calls failed"));
    }

    [Test]
    public void Calls_older_than_the_window_are_forgotten()
    {
        var host = new BreakerHost(o => o.ConsecutiveFailures = 100);
        host.Call(CallOutcome.Failure, 10);
        host.Advance(60);
        host.Call(CallOutcome.Success, 10);
        host.Call(CallOutcome.Failure, 9);

        Assert.That(host.State, Is.EqualTo(HealthState.Healthy), "nineteen calls are in the window");
    }

    [Test]
    public void Tenth_of_the_calls_failing_halves_its_share_until_the_window_has_passed()
    {
        var host = new BreakerHost();
        host.Call(CallOutcome.Success, 18);
        host.Call(CallOutcome.Failure, 2);
        Assert.That(host.Breaker.Examine(), Is.EqualTo(new HealthVerdict(HealthState.Degraded, 0.5, null, "2 of 20 calls failed")));
        Assert.That(host.MayEnter(), Is.True);

        host.Advance(60);
        Assert.That(host.State, Is.EqualTo(HealthState.Healthy), "nobody had to call for it to be forgotten");
        Assert.That(host.Breaker.IsClear, Is.True);
        Assert.That(host.Changes.Select(c => (c.From, c.To)), Is.EqualTo(new[] { (HealthState.Healthy, HealthState.Degraded), (HealthState.Degraded, HealthState.Healthy) }));
    }

    [Test]
    public void Degraded_becomes_healthy_when_successes_outweigh()
    {
        var host = new BreakerHost();
        host.Call(CallOutcome.Success, 18);
        host.Call(CallOutcome.Failure, 2);
        host.Call(CallOutcome.Success);

        Assert.That(host.State, Is.EqualTo(HealthState.Healthy), "2 of 21");
    }

    [Test]
    public void Pause_ends_in_one_trial_at_a_time()
    {
        var host = new BreakerHost();
        host.Call(CallOutcome.Failure, 5);
        host.Advance(4.999);
        Assert.That(host.MayEnter(), Is.False);

        host.Advance(0.001);
        Assert.That(host.Breaker.Examine(), Is.EqualTo(new HealthVerdict(HealthState.HalfOpen, 1, null, "5 failures in a row")));
        Permit trial = host.Enter();
        Assert.That(trial.IsTrial, Is.True);
        Assert.That(host.MayEnter(), Is.False, "the trial is under way");
        Assert.That(host.Breaker.Examine().IsAvailable, Is.False);

        host.Breaker.Leave(trial, CallOutcome.Success);
        Assert.That(host.MayEnter(), Is.True, "the next trial");
    }

    [Test]
    public void Trial_that_says_nothing_makes_room_for_the_next()
    {
        var host = new BreakerHost();
        host.BringToTrial();
        host.Breaker.Leave(host.Enter(), CallOutcome.Neutral);

        Assert.That(host.State, Is.EqualTo(HealthState.HalfOpen));
        Assert.That(host.Enter().IsTrial, Is.True);
    }

    [Test]
    public void Trial_that_fails_doubles_the_pause_up_to_the_longest()
    {
        var host = new BreakerHost();
        host.Call(CallOutcome.Failure, 5);
        double[] pauses = new double[7];
        for (int i = 0; i < pauses.Length; i++)
        {
            DateTimeOffset until = host.Breaker.Examine().Until!.Value;
            pauses[i] = (until - host.Time.GetUtcNow()).TotalSeconds;
            host.Time.SetUtcNow(until);
            host.Call(CallOutcome.Failure);
        }

        Assert.That(pauses, Is.EqualTo(new double[] { 5, 10, 20, 40, 80, 120, 120 }));
    }

    [Test]
    public void Share_grows_in_steps_of_twenty_successes()
    {
        var host = new BreakerHost();
        host.BringToRecovery();
        List<double> shares = [];
        while (!host.Breaker.IsClear)
        {
            shares.Add(host.Breaker.Examine().Share);
            host.Call(CallOutcome.Success);
        }

        Assert.That(shares, Is.EqualTo(Enumerable.Repeat(0.1, 20).Concat(Enumerable.Repeat(0.25, 20)).Concat(Enumerable.Repeat(0.5, 20))));
        Assert.That(host.Changes.Select(c => c.To), Is.EqualTo(new[] { HealthState.Open, HealthState.HalfOpen, HealthState.Recovering, HealthState.Healthy }));
    }

    [Test]
    public void Share_grows_in_steps_of_ten_seconds()
    {
        var host = new BreakerHost();
        host.BringToRecovery();
        double[] shares = [.. Enumerable.Range(0, 4).Select(_ =>
        {
            double share = host.Breaker.Examine().Share;
            host.Advance(10);
            return share;
        })];

        Assert.That(shares, Is.EqualTo(new[] { 0.1, 0.25, 0.5, 1 }));
    }

    [Test]
    public void Shares_may_be_set()
    {
        var host = new BreakerHost(o => o.RecoveryShares.Add(0.7));
        host.BringToRecovery();
        Assert.That(host.Breaker.Examine().Share, Is.EqualTo(0.7));
        host.Call(CallOutcome.Success, 20);
        Assert.That(host.State, Is.EqualTo(HealthState.Healthy));
    }

    [Test]
    public void Failures_while_it_recovers_open_it_for_longer()
    {
        var host = new BreakerHost();
        host.BringToRecovery();
        host.Call(CallOutcome.Success);
        host.Call(CallOutcome.Failure, 4);

        Assert.That(host.State, Is.EqualTo(HealthState.Open), "4 of 8, three trials among them");
        Assert.That(host.Breaker.Examine().Until, Is.EqualTo(host.Time.GetUtcNow().AddSeconds(10)));
    }

    [Test]
    public void Failure_that_a_healthy_one_would_be_forgiven_does_not_undo_a_recovery()
    {
        var host = new BreakerHost();
        host.BringToRecovery();
        host.Call(CallOutcome.Failure, 2);
        Assert.That(host.State, Is.EqualTo(HealthState.Recovering), "2 of 5, three trials among them");

        for (int i = 0; i < 7; i++)
        {
            host.Call(CallOutcome.Success, 9);
            host.Call(CallOutcome.Failure);
        }

        Assert.That(host.State, Is.EqualTo(HealthState.Healthy), "one that fails a tenth of its calls gets through");
    }

    [Test]
    public void What_calls_from_before_it_turned_come_to_is_old_news()
    {
        var host = new BreakerHost();
        Permit[] before = [.. Enumerable.Range(0, 20).Select(_ => host.Enter())];
        host.BringToTrial();
        foreach (Permit permit in before)
        {
            host.Breaker.Leave(permit, CallOutcome.Failure);
        }

        Assert.That(host.State, Is.EqualTo(HealthState.HalfOpen));
        Permit trial = host.Enter();
        host.Breaker.Leave(before[0], CallOutcome.Success);
        Assert.That(host.MayEnter(), Is.False, "only the trial itself makes room");
        host.Breaker.Leave(trial, CallOutcome.Success);
    }

    [Test]
    public void Ten_calm_minutes_take_back_one_doubling()
    {
        var host = new BreakerHost();
        host.BringToTrial();
        host.Call(CallOutcome.Failure);
        host.Advance(10);
        host.Call(CallOutcome.Failure);
        host.Advance(20);
        host.Call(CallOutcome.Success, 3);
        host.Advance(30);
        Assert.That(host.State, Is.EqualTo(HealthState.Healthy), "three pauses of 5, 10 and 20 seconds are behind it");

        host.Advance(1199);
        host.Call(CallOutcome.Failure, 5);
        Assert.That(host.Breaker.Examine().Until, Is.EqualTo(host.Time.GetUtcNow().AddSeconds(20)), "5 s x 2^(3 - 1)");
    }

    [Test]
    public void Trial_that_nobody_comes_for_is_waived()
    {
        var host = new BreakerHost();
        host.Call(CallOutcome.Failure, 5);
        host.Advance(5 + 599);
        Assert.That(host.State, Is.EqualTo(HealthState.HalfOpen));

        host.Advance(1);
        Assert.That(host.State, Is.EqualTo(HealthState.Healthy));
    }

    [Test]
    public void Last_resort_enters_what_is_open_and_its_success_begins_the_trials()
    {
        var host = new BreakerHost();
        host.Call(CallOutcome.Failure, 5);
        Permit failing = host.Enter(isLastResort: true);
        Permit answering = host.Enter(isLastResort: true);
        host.Breaker.Leave(failing, CallOutcome.Failure);
        Assert.That(host.Breaker.Examine().Until, Is.EqualTo(host.Time.GetUtcNow().AddSeconds(5)), "the pause is no longer for it");

        host.Breaker.Leave(answering, CallOutcome.Success);
        Assert.That(host.State, Is.EqualTo(HealthState.HalfOpen));
        host.Call(CallOutcome.Success, 2);
        Assert.That(host.State, Is.EqualTo(HealthState.Recovering));
    }

    [Test]
    public void Stream_ends_its_trial_with_its_first_content_and_may_fail_after_it()
    {
        var host = new BreakerHost();
        host.BringToTrial();
        Permit stream = host.Breaker.Answered(host.Enter());
        Assert.That(host.Enter().IsTrial, Is.True, "the next trial needn't wait for the stream's end");

        host.Breaker.Leave(stream, CallOutcome.Truncated);
        Assert.That(host.State, Is.EqualTo(HealthState.Open));
    }

    [Test]
    public void Success_of_a_stream_is_counted_once()
    {
        var host = new BreakerHost();
        host.BringToTrial();
        for (int i = 0; i < 2; i++)
        {
            host.Breaker.Leave(host.Breaker.Answered(host.Enter()), CallOutcome.Success);
        }

        Assert.That(host.State, Is.EqualTo(HealthState.HalfOpen), "two trials of three");
        Permit plain = new(0, 0);
        Assert.That(host.Breaker.Answered(plain), Is.EqualTo(plain), "what is no trial has nothing to report yet");
    }

    [Test]
    public void Neutral_outcomes_never_count()
    {
        var host = new BreakerHost(o => o.MinimumCalls = 1);
        host.Call(CallOutcome.Neutral, 1_000);

        Assert.That(host.Breaker.Report().Counts.Total, Is.Zero);
        Assert.That(host.State, Is.EqualTo(HealthState.Healthy));
    }

    [Test]
    public void Changed_settings_hold_from_the_next_call_on()
    {
        var host = new BreakerHost();
        host.Call(CallOutcome.Failure, 3);
        host.Options.ConsecutiveFailures = 2;
        host.Options.Window = TimeSpan.FromSeconds(10);
        host.Call(CallOutcome.Failure);

        Assert.That(host.State, Is.EqualTo(HealthState.Open));
    }

    [Test]
    public void Counts_of_a_window_of_another_length_are_not_mixed()
    {
        var host = new BreakerHost(o => o.ConsecutiveFailures = 100);
        host.Call(CallOutcome.Failure, 10);
        host.Options.Window = TimeSpan.FromSeconds(10);
        host.Call(CallOutcome.Failure, 9);

        Assert.That(host.Breaker.Report().Counts, Is.EqualTo(new CallCounts(0, 9, 0, 0)));
    }

    [Test]
    public void Reset_forgets_everything()
    {
        var host = new BreakerHost();
        host.Call(CallOutcome.RateLimited);
        host.Call(CallOutcome.Success, 0);
        host.Breaker.Reset();
        Assert.That(host.Breaker.IsClear, Is.True);

        host.Call(CallOutcome.Failure, 5);
        host.Breaker.Reset();
        Assert.That(host.State, Is.EqualTo(HealthState.Healthy));
    }

    [Test]
    public void Watcher_is_told_when_looking_is_worth_the_while()
    {
        var host = new BreakerHost();
        List<bool> told = [];
        host.Breaker.Watch(told.Add);
        host.Call(CallOutcome.Failure, 5);
        host.Breaker.Reset();
        host.Call(CallOutcome.RateLimited);

        Assert.That(told, Is.EqualTo(new[] { false, true, false, true }));
    }

    [Test]
    public void Observer_that_throws_does_not_fail_the_call()
    {
        var breaker = new CircuitBreaker(HealthKind.Gateway, "a", new HealthEnvironment(() => new HealthOptions(), TimeProvider.System, new RandomSource(1), [new Thrower()]));
        breaker.TryEnter(false, out Permit permit);
        breaker.Leave(permit, CallOutcome.RateLimited);

        Assert.That(breaker.Examine().State, Is.EqualTo(HealthState.Cooling));
    }

    [Test]
    public void Report_says_since_when_and_what_calls_came_to()
    {
        var host = new BreakerHost();
        host.Call(CallOutcome.Success, 5);
        host.Call(CallOutcome.Failure, 5);
        DateTimeOffset opened = host.Time.GetUtcNow();
        host.Advance(1);

        (HealthVerdict verdict, CallCounts counts, DateTimeOffset since) = host.Breaker.Report();
        Assert.That(verdict.State, Is.EqualTo(HealthState.Open));
        Assert.That(since, Is.EqualTo(opened));
        Assert.That((counts.Succeeded, counts.Failed, counts.ErrorRatio), Is.EqualTo((5, 5, 0.5)));
    }

    private sealed class Thrower : IHealthObserver
    {
        public void Changed(in HealthChange change) => throw new InvalidOperationException();
    }
}
