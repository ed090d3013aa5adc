using IntegrationLayer.Sdk.Resilience;

namespace IntegrationLayer.Sdk.Tests.Resilience;

internal sealed class CircuitBreakerConcurrencyTests
{
    [Test]
    public void Of_many_threads_one_gets_the_trial()
    {
        for (int round = 0; round < 50; round++)
        {
            var host = new BreakerHost();
            host.BringToTrial();
            int trials = 0;
            Parallel.For(0, 64, _ =>
            {
                if (host.Breaker.TryEnter(false, out Permit permit))
                {
                    Interlocked.Increment(ref trials);
                    Assert.That(permit.IsTrial, Is.True);
                }
            });

            Assert.That(trials, Is.EqualTo(1));
        }
    }

    [Test]
    public void No_call_is_lost_from_the_count()
    {
        var host = new BreakerHost(o => (o.ConsecutiveFailures, o.MinimumCalls, o.ConsecutiveTruncations) = (100_000, 100_000, 100_000));
        Parallel.For(0, 20_000, i =>
        {
            host.Breaker.TryEnter(false, out Permit permit);
            host.Breaker.Leave(permit, (CallOutcome)(1 + (i % 4)));
        });

        Assert.That(host.Breaker.Report().Counts, Is.EqualTo(new CallCounts(5_000, 5_000, 5_000, 5_000)));
    }
}
