using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Routing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Tests.Pipeline;

/// <summary>Caps on the answer where a budget can't pay for the full one. The large model writes 4,000 tokens at most, 0.4 USD; the small one 2,000, 0.002 USD.</summary>
internal sealed class ReducedCapTests
{
    private const int Enough = 60;

    [Test]
    public async Task Learned_cap_is_sent_where_money_is_short_and_the_full_one_where_it_isnt()
    {
        await using PipelineHost host = Host(usd: 0.6m);
        await LearnAsync(host, Enough);
        LlmReceipt plentiful = (await host.Client.GetResponseAsync("hello")).Receipt;
        ChatOptions full = host.Gateway.Calls[^1].Options;

        // 0.6 USD less what was used; another call under way holds 0.4.
        LlmReceipt? nested = null;
        host.Gateway.OnCall = async _ =>
        {
            host.Gateway.OnCall = static _ => Task.CompletedTask;
            nested = (await host.Client.GetResponseAsync("hello", CancellationToken.None)).Receipt;
        };
        await host.Client.GetResponseAsync("hello");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((plentiful.ReducedOutputTokens, full.MaxOutputTokens), Is.EqualTo(((int?)null, (int?)4_000)));
            Assert.That(nested!.Deployment, Is.EqualTo("other/large"), "the better model with a cap that its answers need, before a cheaper model");
            Assert.That(nested.ReducedOutputTokens, Is.EqualTo(64));
            Assert.That(host.Gateway.Calls[^1].Options.MaxOutputTokens, Is.EqualTo(64), "what was reserved for is what is sent");
            Assert.That(nested.ReservedUsd, Is.InRange(0.0064m, 0.01m));
        }
    }

    [Test]
    public async Task Nothing_is_reduced_before_enough_answers_were_seen()
    {
        await using PipelineHost host = Host(usd: 0.3m);
        await LearnAsync(host, 10);

        Assert.That((await host.Client.GetResponseAsync("hello")).Receipt, Has.Property(nameof(LlmReceipt.Deployment)).EqualTo("lab/small").And.Property(nameof(LlmReceipt.ReducedOutputTokens)).Null);
    }

    [Test]
    public async Task Callers_own_cap_is_not_replaced_by_a_learned_one()
    {
        await using PipelineHost host = Host(usd: 0.6m);
        await LearnAsync(host, Enough);
        LlmRequest request = new("hello") { Options = new ChatOptions { MaxOutputTokens = 4_000 } };
        host.Gateway.OnCall = async _ =>
        {
            host.Gateway.OnCall = static _ => Task.CompletedTask;
            await Expect.ThrowsAsync<BudgetExceededException>(() => host.Client.GetResponseAsync(request, CancellationToken.None));
        };
        await host.Client.GetResponseAsync(request);
    }

    [Test]
    public async Task Deny_passes_over_what_is_too_dear_with_its_full_cap()
    {
        await using PipelineHost host = Host(usd: 0.6m, BudgetShortagePolicy.Deny);
        await LearnAsync(host, Enough);
        LlmReceipt? nested = null;
        host.Gateway.OnCall = async _ =>
        {
            host.Gateway.OnCall = static _ => Task.CompletedTask;
            nested = (await host.Client.GetResponseAsync("hello", CancellationToken.None)).Receipt;
        };
        await host.Client.GetResponseAsync("hello");

        Assert.That((nested!.Deployment, nested.ReducedOutputTokens), Is.EqualTo(("lab/small", (int?)null)));
    }

    [TestCase(0.0015, 1_000)]
    [TestCase(0.0007, 500)]
    [TestCase(0.0004, 256)]
    public async Task Shrink_halves_the_cap_until_it_can_be_paid(double usd, int cap)
    {
        await using PipelineHost host = Host((decimal)usd, BudgetShortagePolicy.Shrink);
        LlmResponse whole = await host.Client.GetResponseAsync("hello");
        host.Time.Advance(TimeSpan.FromDays(1));
        List<LlmResponseUpdate> streamed = await PipelineHost.ReadAsync(host.Client.GetStreamingResponseAsync("hello"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((whole.Receipt.Deployment, whole.Receipt.ReducedOutputTokens), Is.EqualTo(("lab/small", (int?)cap)));
            Assert.That(streamed[^1].Receipt!.ReducedOutputTokens, Is.EqualTo(cap));
            Assert.That(host.Gateway.Calls.Select(c => c.Options.MaxOutputTokens), Is.All.EqualTo(cap));
        }
    }

    [Test]
    public async Task Shrink_reduces_the_callers_cap_on_a_copy_and_never_below_the_smallest()
    {
        await using PipelineHost host = Host(0.0015m, BudgetShortagePolicy.Shrink);
        ChatOptions options = new() { MaxOutputTokens = 1_800 };
        LlmReceipt receipt = (await host.Client.GetResponseAsync(new LlmRequest("hello") { Options = options })).Receipt;
        BudgetExceededException e = await Expect.ThrowsAsync<BudgetExceededException>(async () =>
        {
            await using PipelineHost poor = Host(0.0002m, BudgetShortagePolicy.Shrink);
            await poor.Client.GetResponseAsync("hello");
        });

        Assert.That((receipt.ReducedOutputTokens, options.MaxOutputTokens), Is.EqualTo(((int?)900, (int?)1_800)));
        Assert.That(e.Needed, Is.InRange(0.000256m, 0.0003m), "the least with the smallest cap");
    }

    [Test]
    public async Task Failover_begins_again_with_the_full_cap()
    {
        await using PipelineHost host = Host(0.0025m, BudgetShortagePolicy.Shrink);
        host.Gateway.Failures["small"] = new HttpRequestException("down", null, System.Net.HttpStatusCode.ServiceUnavailable);
        await Expect.ThrowsAsync<LlmException>(() => host.Client.GetResponseAsync("hello"));

        Assert.That(host.Gateway.Calls.Select(c => c.Options.MaxOutputTokens), Is.All.EqualTo(2_000));
    }

    [Test]
    public async Task What_is_learned_while_a_ledger_decides_does_not_change_what_it_granted()
    {
        int answers = 0;
        LearningLedger ledger = new();
        await using PipelineHost host = new(
            o => o.RoutingPolicy = RoutingPolicies.HighestQuality,
            b =>
            {
                b.UseBudgetPolicy(new PipelineHost.FlatPolicy(1_000));
                b.Services.AddSingleton<IBudgetLedger>(ledger);
            });
        await LearnAsync(host, Enough);
        ledger.BeforeGrant = async () =>
        {
            ledger.BeforeGrant = null;
            host.Gateway.Usage = new UsageDetails { InputTokenCount = 10, OutputTokenCount = 2_000 };
            for (; answers < 200; answers++)
            {
                await host.Client.GetResponseAsync("hello", CancellationToken.None);
            }
        };
        LlmReceipt receipt = (await host.Client.GetResponseAsync("hello")).Receipt;

        Assert.That((answers, receipt.ReducedOutputTokens), Is.EqualTo((200, (int?)64)));
        Assert.That(host.Gateway.Calls[^1].Options.MaxOutputTokens, Is.EqualTo(64));
    }

    private static PipelineHost Host(decimal usd, BudgetShortagePolicy policy = BudgetShortagePolicy.LearnedCap) => new(
        o =>
        {
            o.RoutingPolicy = RoutingPolicies.HighestQuality;
            o.Budgets.WhenShort = policy;
        },
        b => b.UseBudgetPolicy(new PipelineHost.FlatPolicy(usd)));

    // Each answer takes 0.003 USD of the large model's price: on another day.
    private static async Task LearnAsync(PipelineHost host, int answers)
    {
        for (int i = 0; i < answers; i++)
        {
            await host.Client.GetResponseAsync("hello");
            host.Time.Advance(TimeSpan.FromDays(1));
        }
    }

    /// <summary>Grants the second choice of the first request that comes once it is told what to do before.</summary>
    private sealed class LearningLedger : IBudgetLedger
    {
        public Func<Task>? BeforeGrant { get; set; }

        public async ValueTask<BudgetReservation> ReserveAsync(BudgetDemand demand, CancellationToken cancellationToken)
        {
            BudgetAmount full = demand.Choices[0].Amount;
            if (BeforeGrant is not { } before)
            {
                return new BudgetReservation(1, 0, full);
            }

            BudgetAmount reduced = demand.Choices[1].Amount;
            await before();
            return new BudgetReservation(1, 1, reduced);
        }

        public ValueTask<BudgetReservation> ReplaceAsync(BudgetReservation reservation, BudgetAmount spent, BudgetDemand demand, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask MarkSentAsync(BudgetReservation reservation, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask SettleAsync(BudgetReservation reservation, BudgetAmount spent, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask<IReadOnlyList<BudgetUsage>> GetUsageAsync(IReadOnlyList<BudgetLimit> limits, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
