using FsCheck;
using FsCheck.Fluent;
using IntegrationLayer.Sdk.Resilience;

namespace IntegrationLayer.Sdk.Tests.Resilience;

/// <summary>Whatever calls come to and in whatever order, the breaker keeps its promises.</summary>
internal sealed class CircuitBreakerPropertyTests
{
    private static readonly CallOutcome[] Outcomes = Enum.GetValues<CallOutcome>();

    private abstract record Step;

    private sealed record Enter(bool IsLastResort) : Step;

    private sealed record Leave(int Which, CallOutcome Outcome, int? RetryAfter) : Step;

    private sealed record Wait(int Milliseconds) : Step;

    // Failures are frequent, so that every state is reached.
    private static readonly Gen<Step> Steps = Gen.Frequency(
        (6, Gen.Choose(0, 9).Select(n => (Step)new Enter(n == 0))),
        (6, from which in Gen.Choose(0, 100)
            from outcome in Gen.Frequency((4, Gen.Constant(CallOutcome.Success)), (5, Gen.Constant(CallOutcome.Failure)), (2, Gen.Elements(Outcomes)))
            from retryAfter in Gen.Choose(-1, 20)
            select (Step)new Leave(which, outcome, retryAfter < 0 ? null : retryAfter)),
        (2, Gen.Choose(0, 8_000).Select(ms => (Step)new Wait(ms))));

    [FsCheck.NUnit.Property(MaxTest = 300)]
    public Property At_most_one_trial_is_out_and_no_pause_is_longer_than_its_bound() =>
        Prop.ForAll(Gen.ListOf(Steps, 300).ToArbitrary(), steps => Run([.. steps]));

    private static void Run(Step[] steps)
    {
        var host = new BreakerHost(o => (o.Jitter, o.TrialCalls, o.RecoveryStepCalls) = (0.2, 2, 3));
        List<Permit> open = [];
        (DateTimeOffset? Until, int Changes) paused = default;
        foreach (Step step in steps)
        {
            switch (step)
            {
                case Enter enter:
                    HealthVerdict before = host.Breaker.Examine();
                    bool entered = host.Breaker.TryEnter(enter.IsLastResort, out Permit permit);
                    Assert.That(entered, Is.EqualTo(before.IsAvailable || (enter.IsLastResort && before.State != HealthState.Benched)), $"{before}");
                    if (entered)
                    {
                        Assert.That(!permit.IsTrial || before.State is HealthState.HalfOpen || enter.IsLastResort, "trials are for what is half-open");
                        open.Add(permit);
                    }

                    break;
                case Leave leave when open.Count > 0:
                    int index = leave.Which % open.Count;
                    host.Breaker.Leave(open[index], leave.Outcome, leave.RetryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
                    open.RemoveAt(index);
                    break;
                case Wait wait:
                    host.Time.Advance(TimeSpan.FromMilliseconds(wait.Milliseconds));
                    break;
            }

            HealthVerdict now = host.Breaker.Examine();

            // I10: of the permits of one half-open stretch, one at most is a trial.
            Assert.That(open.Where(p => p.IsTrial).GroupBy(p => p.Circuit).All(stretch => stretch.Count() == 1), "one trial");
            Assert.That(now.IsAvailable || now.State is HealthState.HalfOpen || now.Until is not null, "who refuses says until when");
            Assert.That(now.Until is null || now.Until >= host.Time.GetUtcNow(), "nothing ends in the past");
            Assert.That(now.Share, Is.InRange(0, 1));
            Assert.That(host.Breaker.IsClear, Is.EqualTo(now.State is HealthState.Healthy), "the flag is the state");

            // I10: a pause is at most the longest one, and its jitter; while it lasts, it isn't moved.
            if (now.State is HealthState.Open)
            {
                Assert.That(now.Until - host.Time.GetUtcNow(), Is.LessThanOrEqualTo(host.Options.MaxPause * 1.2));
                Assert.That(paused.Until is null || paused.Changes != host.Changes.Count || paused.Until == now.Until, "pauses stand");
            }

            paused = (now.State is HealthState.Open ? now.Until : null, host.Changes.Count);
        }

        Assert.That(host.Changes.Zip(host.Changes.Skip(1), (a, b) => a.To == b.From && b.From != b.To), Has.All.True, "each change begins where the last ended");
        Assert.That(host.Changes.Select(c => (c.From, c.To)), Has.All.Matches<(HealthState, HealthState)>(IsAllowed));
    }

    private static bool IsAllowed((HealthState From, HealthState To) change) => change switch
    {
        (HealthState.Open, HealthState.Recovering) => false,
        (HealthState.Open, HealthState.Degraded) => false,
        (HealthState.HalfOpen, HealthState.Degraded) => false,
        (HealthState.Healthy, HealthState.HalfOpen) => false,
        (HealthState.Healthy, HealthState.Recovering) => false,
        (HealthState.Benched, HealthState.Recovering) => false,
        _ => true,
    };
}
