using IntegrationLayer.Sdk.Budgets;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Tests.Pipeline;

/// <summary>Rate limits of the configuration: limits in a rolling window, and on calls under way.</summary>
internal sealed class RateLimitTests
{
    private static readonly LlmRequest Hello = new("hello") { Context = new LlmRequestContext { TenantId = "acme", UserId = "jo" } };

    // An answer takes 30 tokens, 0.00003 USD; the most that one can take are 2,000 and some tokens, 0.002 USD.
    [TestCase(BudgetUnit.Requests, 3)]
    [TestCase(BudgetUnit.Tokens, 2_085)]
    [TestCase(BudgetUnit.Usd, 0.002085)]
    public async Task Limit_of_each_user_in_the_last_minute_refuses_until_there_is_room(BudgetUnit unit, double amount)
    {
        await using PipelineHost host = new(o => o.Budgets.Limits.Add(new BudgetLimitOptions { Scope = "user:*", Amount = (decimal)amount, Unit = unit, Per = BudgetWindowKind.Rolling, Length = TimeSpan.FromMinutes(1) }));
        for (int i = 0; i < 3; i++)
        {
            await host.Client.GetResponseAsync(Hello);
            host.Time.Advance(TimeSpan.FromSeconds(5));
        }

        BudgetExceededException e = await Expect.ThrowsAsync<BudgetExceededException>(() => host.Client.GetResponseAsync(Hello));
        LlmReceipt other = (await host.Client.GetResponseAsync(new LlmRequest("hello") { Context = Hello.Context with { UserId = "al" } })).Receipt;
        host.Time.Advance(e.RetryAfter!.Value);
        await host.Client.GetResponseAsync(Hello);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(other.Cost.Usd, Is.Positive, "another user has a limit of his own");
            Assert.That(e.Scope!.Value.ToString(), Is.EqualTo("user:acme/jo"));
            Assert.That(e.Usage!.Value.Used, Is.EqualTo(unit switch { BudgetUnit.Requests => 3m, BudgetUnit.Tokens => 90m, _ => 0.00009m }));
            Assert.That(e.RetryAfter, Is.InRange(TimeSpan.FromSeconds(45), TimeSpan.FromSeconds(48)));
            Assert.That(e.IsTransient);
            Assert.That(e.Message, Does.Contain("last 00:01:00").And.EndsWith($"There is room for it in {Math.Ceiling(e.RetryAfter!.Value.TotalSeconds)} s."));
        }
    }

    [Test]
    public async Task Calls_under_way_are_limited_and_a_place_is_free_again_when_one_ends()
    {
        await using PipelineHost host = new(o => o.Budgets.Limits.Add(new BudgetLimitOptions { Scope = "tenant:acme", Amount = 1, Unit = BudgetUnit.Concurrency }));
        BudgetExceededException? refused = null;
        host.Gateway.OnCall = async _ =>
        {
            host.Gateway.OnCall = static _ => Task.CompletedTask;
            refused = await Expect.ThrowsAsync<BudgetExceededException>(() => host.Client.GetResponseAsync(Hello, CancellationToken.None));
        };
        await host.Client.GetResponseAsync(Hello);
        await host.Client.GetResponseAsync(Hello);

        Assert.That(refused!.Usage!.Value.Held, Is.EqualTo(1));
        Assert.That(refused.Message, Does.Contain("of 1 calls at a time").And.Contain("frees up as calls end"));
    }

    [Test]
    public async Task Clock_that_jumps_back_and_forth_frees_nothing_early_and_charges_nothing_twice()
    {
        await using PipelineHost host = new(o => o.Budgets.Limits.Add(new BudgetLimitOptions { Scope = "org:all", Amount = 100, Per = BudgetWindowKind.Day }));
        BudgetLimit limit = host.Get<IBudgetPolicy>().GetLimits(Hello)[0];
        IBudgetLedger ledger = host.Get<IBudgetLedger>();
        DateTimeOffset noon = host.Time.GetUtcNow();
        for (int i = 0; i < 4; i++)
        {
            await host.Client.GetResponseAsync(Hello);
            host.Time.AdjustTime(noon + TimeSpan.FromHours(i % 2 == 0 ? -30 : 3));
        }

        BudgetUsage sameDay = (await ledger.GetUsageAsync([limit], default))[0];
        host.Time.AdjustTime(noon + TimeSpan.FromHours(13));
        await host.Client.GetResponseAsync(Hello);
        host.Time.AdjustTime(noon);
        BudgetUsage nextDay = (await ledger.GetUsageAsync([limit], default))[0];

        Assert.That((sameDay.Used, sameDay.Held), Is.EqualTo((4 * 0.00003m, 0m)));
        Assert.That((nextDay.Used, nextDay.Held), Is.EqualTo((0.00003m, 0m)), "a day that has begun doesn't end because the clock is set back");
    }
}
