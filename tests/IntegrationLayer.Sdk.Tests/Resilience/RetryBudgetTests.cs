using IntegrationLayer.Sdk.Resilience;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Tests.Resilience;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RetryBudgetTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RetryOptions _options = new();

    [Test]
    public void Ten_calls_a_second_are_free_and_kept_for_ten_seconds()
    {
        var budget = new RetryBudget(_time);
        Assert.That(TakeAll(budget), Is.EqualTo(100));
        Assert.That(budget.HasCall(_options), Is.False);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(budget.HasCall(_options));
        Assert.That(TakeAll(budget), Is.EqualTo(10));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.That(TakeAll(budget), Is.EqualTo(100));
    }

    [Test]
    public void Ten_successes_pay_for_a_call()
    {
        var budget = new RetryBudget(_time);
        TakeAll(budget);
        for (int i = 0; i < 25; i++)
        {
            budget.Deposit(_options);
        }

        Assert.That(budget.HasCall(_options));
        Assert.That(TakeAll(budget), Is.EqualTo(2));
    }

    [Test]
    public void Savings_are_bounded()
    {
        var budget = new RetryBudget(_time);
        for (int i = 0; i < 50_000; i++)
        {
            budget.Deposit(_options);
        }

        Assert.That(budget.Saved, Is.EqualTo(1_000));
        Assert.That(TakeAll(budget), Is.EqualTo(1_100));
    }

    [Test]
    public void Nothing_is_free_if_nothing_shall_be()
    {
        _options.BudgetPerSecond = 0;
        var budget = new RetryBudget(_time);
        Assert.That(budget.HasCall(_options), Is.False);
        Assert.That(budget.TryTake(_options), Is.False);
    }

    [Test]
    public void Each_call_is_taken_once_whoever_takes_it()
    {
        var budget = new RetryBudget(_time);
        for (int i = 0; i < 10_000; i++)
        {
            budget.Deposit(_options);
        }

        int taken = 0;
        Parallel.For(0, 8, _ => Interlocked.Add(ref taken, TakeAll(budget)));
        Assert.That(taken, Is.EqualTo(1_100));
    }

    private int TakeAll(RetryBudget budget)
    {
        int taken = 0;
        while (budget.TryTake(_options))
        {
            taken++;
        }

        return taken;
    }
}
