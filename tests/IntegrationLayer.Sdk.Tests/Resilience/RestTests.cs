using IntegrationLayer.Sdk.Resilience;

namespace IntegrationLayer.Sdk.Tests.Resilience;

/// <summary>Rests after "too many requests", and benches of accounts.</summary>
internal sealed class RestTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [TestCase(30, 30)]
    [TestCase(0, 1, TestName = "Rest_lasts_as_asked(at least a second)")]
    [TestCase(-7, 1, TestName = "Rest_lasts_as_asked(a moment in the past)")]
    public void Rest_lasts_as_asked(double asked, double seconds)
    {
        var host = new BreakerHost();
        host.Call(CallOutcome.RateLimited, retryAfter: TimeSpan.FromSeconds(asked));
        Assert.That(host.Breaker.Examine(), Is.EqualTo(new HealthVerdict(HealthState.Cooling, 0, host.Time.GetUtcNow().AddSeconds(seconds), "too many requests")));
        Assert.That(host.MayEnter(), Is.False);

        host.Advance(seconds);
        Assert.That(host.Breaker.Examine(), Is.EqualTo(HealthVerdict.Healthy));
    }

    [Test]
    public void Shorter_rest_never_replaces_a_longer_one()
    {
        var host = new BreakerHost();
        Permit first = host.Enter();
        Permit second = host.Enter();
        host.Breaker.Leave(first, CallOutcome.RateLimited, TimeSpan.FromSeconds(40));
        host.Breaker.Leave(second, CallOutcome.RateLimited, TimeSpan.FromSeconds(2));

        Assert.That(host.Breaker.Examine().Until, Is.EqualTo(host.Time.GetUtcNow().AddSeconds(40)));
    }

    [Test]
    public void Rest_without_a_time_doubles_up_to_a_minute_and_a_success_starts_over()
    {
        var host = new BreakerHost();
        double[] rests = [.. Enumerable.Range(0, 6).Select(_ => Rest(host))];
        Assert.That(rests, Is.EqualTo(new double[] { 5, 10, 20, 40, 60, 60 }));

        host.Call(CallOutcome.Success);
        Assert.That(Rest(host), Is.EqualTo(5));
    }

    [Test]
    public void Calls_turned_away_together_make_one_rest()
    {
        var host = new BreakerHost();
        Permit[] together = [.. Enumerable.Range(0, 50).Select(_ => host.Enter())];
        foreach (Permit permit in together)
        {
            host.Breaker.Leave(permit, CallOutcome.RateLimited);
        }

        Assert.That(host.Breaker.Examine().Until, Is.EqualTo(host.Time.GetUtcNow().AddSeconds(5)));
        host.Advance(5);
        Assert.That(Rest(host), Is.EqualTo(10));
    }

    [Test]
    public void Rest_has_no_part_in_the_ratio_of_failures()
    {
        var host = new BreakerHost(o => (o.MinimumCalls, o.ConsecutiveFailures) = (1, 1));
        host.Call(CallOutcome.RateLimited);
        host.Advance(60);

        Assert.That(host.State, Is.EqualTo(HealthState.Healthy));
        Assert.That(host.Breaker.Report().Counts.Total, Is.Zero);
    }

    [Test]
    public void Rest_without_a_time_varies_by_a_fifth()
    {
        double[] rests = [.. Enumerable.Range(1, 200).Select(seed => Rest(new BreakerHost(o => o.Jitter = 0.2, (ulong)seed)))];

        Assert.That(rests, Has.All.InRange(4, 6));
        Assert.That(rests.Max() - rests.Min(), Is.GreaterThan(1.5));
    }

    [Test]
    public void Trial_that_is_rate_limited_rests_and_is_tried_again()
    {
        var host = new BreakerHost();
        host.BringToTrial();
        host.Call(CallOutcome.RateLimited, retryAfter: TimeSpan.FromSeconds(3));
        Assert.That(host.State, Is.EqualTo(HealthState.Cooling));

        host.Advance(3);
        Assert.That(host.State, Is.EqualTo(HealthState.HalfOpen));
        Assert.That(host.Enter().IsTrial, Is.True);
    }

    [Test]
    public void Exhausted_quota_benches_for_a_quarter_of_an_hour_and_then_for_twice_as_long()
    {
        var host = new BreakerHost();
        double[] benches = new double[6];
        for (int i = 0; i < benches.Length; i++)
        {
            host.Call(CallOutcome.QuotaExhausted);
            DateTimeOffset until = host.Breaker.Examine().Until!.Value;
            Assert.That(host.State, Is.EqualTo(HealthState.Benched));
            Assert.That(host.MayEnter(isLastResort: true), Is.False, "not even as a last resort");
            benches[i] = (until - host.Time.GetUtcNow()).TotalMinutes;
            host.Time.SetUtcNow(until);
            Assert.That(host.State, Is.EqualTo(HealthState.HalfOpen));
        }

        Assert.That(benches, Is.EqualTo(new double[] { 15, 30, 60, 120, 240, 360 }));
    }

    [Test]
    public void Time_that_the_provider_names_for_the_quota_counts_if_it_can_be_meant_so()
    {
        var host = new BreakerHost();
        host.Call(CallOutcome.QuotaExhausted, retryAfter: 10 * Minute);
        Assert.That(host.Breaker.Examine().Until, Is.EqualTo(host.Time.GetUtcNow() + (10 * Minute)));

        var other = new BreakerHost();
        other.Call(CallOutcome.QuotaExhausted, retryAfter: TimeSpan.FromSeconds(2));
        Assert.That(other.Breaker.Examine().Until, Is.EqualTo(other.Time.GetUtcNow() + (15 * Minute)), "two seconds are the reset of a rate limit");
    }

    [Test]
    public void Quota_that_is_back_for_good_starts_over()
    {
        var host = new BreakerHost();
        host.Call(CallOutcome.QuotaExhausted);
        host.Time.Advance(15 * Minute);
        host.Call(CallOutcome.Success, 63);
        Assert.That(host.State, Is.EqualTo(HealthState.Healthy));

        host.Call(CallOutcome.QuotaExhausted);
        Assert.That(host.Breaker.Examine().Until, Is.EqualTo(host.Time.GetUtcNow() + (15 * Minute)));
    }

    [Test]
    public void Refused_credential_benches_for_an_hour_unless_another_one_comes()
    {
        var host = new BreakerHost();
        host.Call(CallOutcome.CredentialRefused);
        Assert.That(host.Breaker.Examine().ToString(), Is.EqualTo("benched until 13:00:00.000Z: its credential is refused"));

        host.Breaker.Reset();
        Assert.That(host.MayEnter(), Is.True);
    }

    [Test]
    public void Refused_credential_may_be_left_alone_for_ever()
    {
        var host = new BreakerHost(o => o.CredentialRest = Timeout.InfiniteTimeSpan);
        host.Call(CallOutcome.CredentialRefused);
        host.Time.Advance(TimeSpan.FromDays(365));

        Assert.That(host.Breaker.Examine(), Is.EqualTo(new HealthVerdict(HealthState.Benched, 0, null, "its credential is refused")));
    }

    [Test]
    public void Rest_that_others_have_seen_is_kept_to()
    {
        var host = new BreakerHost();
        host.Breaker.Hear(HealthState.Cooling, 2 * Minute);
        Assert.That(host.Breaker.Examine().Until, Is.EqualTo(host.Time.GetUtcNow() + (2 * Minute)));
    }

    [Test]
    public void Bench_that_others_have_seen_is_kept_to_and_not_heard_twice()
    {
        var host = new BreakerHost();
        host.Breaker.Hear(HealthState.Benched, 2 * Minute);
        host.Breaker.Hear(HealthState.Benched, 20 * Minute);

        Assert.That(host.State, Is.EqualTo(HealthState.Benched));
        Assert.That(host.Breaker.Examine().Until, Is.EqualTo(host.Time.GetUtcNow() + (2 * Minute)));
    }

    [Test]
    public void Opening_that_others_have_seen_needs_one_failure_of_ones_own()
    {
        var host = new BreakerHost();
        host.Breaker.Hear(HealthState.Open, Minute);
        Assert.That(host.State, Is.EqualTo(HealthState.Healthy), "their network may be what is broken");

        host.Call(CallOutcome.Failure);
        Assert.That(host.State, Is.EqualTo(HealthState.Open));
    }

    // Lets one call be turned away, and gives the seconds of rest that come of it.
    private static double Rest(BreakerHost host)
    {
        host.Call(CallOutcome.RateLimited);
        DateTimeOffset until = host.Breaker.Examine().Until!.Value;
        double seconds = (until - host.Time.GetUtcNow()).TotalSeconds;
        host.Time.SetUtcNow(until);
        Assert.That(host.State, Is.EqualTo(HealthState.Healthy));
        return seconds;
    }
}
