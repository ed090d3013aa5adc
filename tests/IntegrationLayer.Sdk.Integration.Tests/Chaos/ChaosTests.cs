using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Caching;

namespace IntegrationLayer.Sdk.Integration.Tests.Chaos;

/// <summary>What holds whatever happens: checked on the whole history of runs in which one call in ten fails in one of eight ways. Alone, for metrics and spans are the process's.</summary>
[NonParallelizable]
public sealed class ChaosTests
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public async Task Promises_hold_in_a_storm(int seed)
    {
        await using ChaosRun run = await ChaosRun.StartAsync(seed, faultRate: 0.1);

        await run.PlayAsync(requests: 1_200);
        await run.Connections.WaitUntilAsync(0);

        var history = new HistoryChecker(run.Outcomes, run.Provider.Calls);
        IReadOnlyList<BudgetUsage> budgets = await run.GetBudgetsAsync();
        string seen = run.AllThatOperatorsSee;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Outcomes, Has.Count.EqualTo(1_200));
            Assert.That(run.Provider.Calls.Select(call => call.Fault).Distinct(), Is.EquivalentTo(Enum.GetValues<Fault>()), "every fault occurred");
            Assert.That(run.Outcomes.Count(o => o.Receipt?.Cache is CacheOutcome.Hit), Is.GreaterThan(100), "the cache took part");
            Assert.That(run.Outcomes.Count(o => o.Failure is OperationCanceledException), Is.GreaterThan(5), "callers gave up");
            Assert.That(budgets.Select(b => b.Used), Is.All.GreaterThan(0), "the budgets took part");

            Assert.That(HistoryChecker.Overspent(budgets), Is.Empty, "I1, I7");
            Assert.That(history.Miscounted(budgets), Is.Empty, "I2");
            Assert.That(history.Misbilled(), Is.Empty, "I2");
            Assert.That(history.Unpaid(), Is.Empty, "I2");
            Assert.That(HistoryChecker.Leaked(seen, ChaosRun.Key, ChaosRun.Secret), Is.Empty, "I3");
            Assert.That(history.Foreign(), Is.Empty, "I4, I11");
            Assert.That(run.RequestsCounted, Is.EqualTo(1_200), "I6");
            Assert.That(history.Uncounted(), Is.Empty, "I6");
            Assert.That(HistoryChecker.Unfinished(run.GetStatus()), Is.Empty, "I7");
            Assert.That(history.Mixed(), Is.Empty, "I8");
            Assert.That(history.Amplified(), Is.Empty, "I9");
            Assert.That(history.Overdue(ChaosRun.Deadline, grace: TimeSpan.FromSeconds(5)), Is.Empty, "I12");
            Assert.That(run.Outcomes.Count(o => o.Failure is LlmException and not LlmStreamInterruptedException), Is.LessThan(6), "whoever could be served was");
        }
    }

    // A budget that lasts for a part of the run only: whoever comes too late is refused, and nothing is over.
    [Test]
    public async Task Budget_that_runs_out_in_a_storm_is_not_overspent()
    {
        await using ChaosRun run = await ChaosRun.StartAsync(seed: 4, faultRate: 0.1, usd: 0.008m);

        await run.PlayAsync(requests: 1_200);

        IReadOnlyList<BudgetUsage> budgets = await run.GetBudgetsAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Outcomes.Count(o => o.Failure is BudgetExceededException), Is.GreaterThan(20), "some were refused");
            Assert.That(run.Outcomes.Count(o => o.Failure is null), Is.GreaterThan(20), "some were served");
            Assert.That(HistoryChecker.Overspent(budgets), Is.Empty);
        }
    }
}
