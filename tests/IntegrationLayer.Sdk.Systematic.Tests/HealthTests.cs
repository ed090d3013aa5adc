using IntegrationLayer.Sdk.Resilience;
using IntegrationLayer.Sdk.Systematic.Tests.Broken;
using Microsoft.Coyote.Specifications;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Systematic.Tests;

/// <summary>The circuit, under many schedules: one trial at a time, and no trial is lost.</summary>
internal sealed class HealthTests
{
    private delegate bool TryEnter(out Permit permit);

    [Test]
    public void At_most_one_trial_is_out() => Explorer.Explore(() =>
    {
        CircuitBreaker breaker = HalfOpen(out _);
        return OneTrialAsync((out permit) => breaker.TryEnter(isLastResort: false, out permit), permit => breaker.Leave(permit, CallOutcome.Neutral));
    });

    [Test]
    public void Breaker_that_looks_before_it_takes_the_trial_is_caught() => Explorer.ShouldFind(() =>
    {
        RacyBreaker breaker = new();
        return OneTrialAsync(breaker.TryEnter, breaker.Leave);
    });

    // Whatever a trial comes to, and whoever ends it, the next one may be made at once or after the pause.
    [Test]
    public void No_trial_is_lost() => Explorer.Explore(async () =>
    {
        CircuitBreaker breaker = HalfOpen(out FakeTimeProvider time);
        CallOutcome[] outcomes = [CallOutcome.Success, CallOutcome.Failure, CallOutcome.Neutral, CallOutcome.RateLimited];
        var tasks = new Task[outcomes.Length];
        for (int i = 0; i < tasks.Length; i++)
        {
            CallOutcome outcome = outcomes[i];
            tasks[i] = Task.Run(() =>
            {
                if (breaker.TryEnter(isLastResort: false, out Permit permit))
                {
                    Permit answered = outcome is CallOutcome.Success ? breaker.Answered(permit) : permit;
                    breaker.Leave(answered, outcome);
                }
            });
        }

        await Task.WhenAll(tasks);
        time.Advance(TimeSpan.FromMinutes(5));
        Specification.Assert(breaker.TryEnter(isLastResort: false, out Permit next), $"{breaker.Examine()}: nobody may enter any more");
        breaker.Leave(next, CallOutcome.Success);
    });

    // What an outage of before says must not count against a circuit that has turned since.
    [Test]
    public void Late_results_of_before_dont_turn_it_again() => Explorer.Explore(async () =>
    {
        CircuitBreaker breaker = Breaker(out FakeTimeProvider time);
        breaker.TryEnter(isLastResort: false, out Permit old);
        Open(breaker);
        time.Advance(TimeSpan.FromMinutes(2));
        await Task.WhenAll(
        [
            Task.Run(() => breaker.Leave(old, CallOutcome.Failure)),
            Task.Run(() =>
            {
                Specification.Assert(breaker.TryEnter(isLastResort: false, out Permit trial) && trial.IsTrial, "the trial is refused");
                breaker.Leave(trial, CallOutcome.Success);
            }),
        ]);
        Specification.Assert(breaker.Examine().State is HealthState.HalfOpen, $"{breaker.Examine().State} after a success and old news");
    });

    private static async Task OneTrialAsync(TryEnter tryEnter, Action<Permit> leave)
    {
        int underWay = 0;
        int trials = 0;
        var tasks = new Task[3];
        for (int i = 0; i < tasks.Length; i++)
        {
            tasks[i] = Task.Run(async () =>
            {
                if (tryEnter(out Permit permit))
                {
                    Specification.Assert(permit.IsTrial, "a call that is no trial was let through");
                    Specification.Assert(Interlocked.Increment(ref underWay) == 1, "two trials are out at once");
                    await Task.Yield();
                    Interlocked.Decrement(ref underWay);
                    Interlocked.Increment(ref trials);
                    leave(permit);
                }
            });
        }

        await Task.WhenAll(tasks);
        Specification.Assert(trials > 0, "nobody got the trial");
    }

    private static CircuitBreaker HalfOpen(out FakeTimeProvider time)
    {
        CircuitBreaker breaker = Breaker(out time);
        Open(breaker);
        time.Advance(TimeSpan.FromMinutes(2));
        return breaker;
    }

    private static void Open(CircuitBreaker breaker)
    {
        for (int i = 0; i < new HealthOptions().ConsecutiveFailures; i++)
        {
            breaker.TryEnter(isLastResort: false, out Permit permit);
            breaker.Leave(permit, CallOutcome.Failure);
        }
    }

    private static CircuitBreaker Breaker(out FakeTimeProvider time)
    {
        time = new FakeTimeProvider();
        HealthOptions options = new() { Jitter = 0 };
        return new CircuitBreaker(HealthKind.Deployment, "lab/small", new HealthEnvironment(() => options, time, new RandomSource(1), []));
    }
}
