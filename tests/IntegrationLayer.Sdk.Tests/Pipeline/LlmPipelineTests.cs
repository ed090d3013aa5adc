using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Routing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Tests.Pipeline;

internal sealed class LlmPipelineTests
{
    private static readonly LlmException Unavailable = new("503", LlmErrorClass.ProviderUnavailable, LlmErrorSource.Provider) { StatusCode = 503 };

    [Test]
    public async Task Request_goes_to_the_cheapest_model_and_the_receipt_says_what_happened()
    {
        await using var host = new PipelineHost();
        LlmResponse response = await host.Client.GetResponseAsync("hello");

        Assert.That(response.Text, Is.EqualTo("hi"));
        LlmReceipt receipt = response.Receipt;
        Assert.Multiple(() =>
        {
            Assert.That(receipt.Deployment, Is.EqualTo("lab/small"));
            Assert.That(receipt.Provider, Is.EqualTo("openai"));
            Assert.That(receipt.Model, Is.EqualTo("small"));
            Assert.That(receipt.ModelServed, Is.EqualTo("small-served"));
            Assert.That(receipt.ModelRequested, Is.Null);
            Assert.That(receipt.Cost, Is.EqualTo(new LlmCost(0.00003m, PriceStatus.Exact)));
            Assert.That(receipt.SavingUsd, Is.EqualTo(0.00297m));
            Assert.That(receipt.Tokens, Is.EqualTo(new TokenUsage { Input = 10, Output = 20 }));
            Assert.That(receipt.Cache, Is.EqualTo(CacheOutcome.Bypassed));
            Assert.That(receipt.Attempts, Has.Count.EqualTo(1));
            Assert.That(receipt.Attempts[0].Error, Is.EqualTo(LlmErrorClass.None));
            Assert.That(receipt.Routing!.Policy, Is.EqualTo("LowestCost"));
            Assert.That(receipt.Routing.CandidateCount, Is.EqualTo(2));
            Assert.That(receipt.RequestId, Has.Length.EqualTo(32));
            Assert.That(receipt.TimeToFirstToken, Is.Null);
        });
    }

    [Test]
    public async Task Receipt_tells_the_gateways_time_from_the_SDKs_own()
    {
        await using var host = new PipelineHost();
        host.Gateway.OnCall = _ =>
        {
            host.Time.Advance(TimeSpan.FromMilliseconds(300));
            return Task.CompletedTask;
        };
        LlmReceipt receipt = (await host.Client.GetResponseAsync("hello")).Receipt;

        Assert.That(receipt.Duration, Is.EqualTo(TimeSpan.FromMilliseconds(300)));
        Assert.That(receipt.Overhead, Is.EqualTo(TimeSpan.Zero));
        Assert.That(receipt.Attempts[0].Duration, Is.EqualTo(TimeSpan.FromMilliseconds(300)));
    }

    [Test]
    public async Task Stream_gives_the_text_and_a_receipt_on_the_last_update_only()
    {
        await using var host = new PipelineHost();
        List<LlmResponseUpdate> updates = await PipelineHost.ReadAsync(host.Client.GetStreamingResponseAsync("hello"));

        Assert.That(string.Concat(updates.Select(u => u.Text)), Is.EqualTo("hi"));
        Assert.That(updates.Count(u => u.Receipt is not null), Is.EqualTo(1));
        LlmReceipt receipt = updates[^1].Receipt!;
        Assert.That(receipt.Cost, Is.EqualTo(new LlmCost(0.00003m, PriceStatus.Exact)));
        Assert.That(receipt.ModelServed, Is.EqualTo("small-served"));
        Assert.That(receipt.TimeToFirstToken, Is.Not.Null);
    }

    [Test]
    public async Task Failing_deployment_is_replaced_by_the_next_one_and_both_are_in_the_receipt([Values] bool streamed)
    {
        await using var host = new PipelineHost();
        host.Gateway.Failures["small"] = Unavailable;
        LlmReceipt receipt = await ReceiptAsync(host, streamed);

        Assert.That(receipt.Deployment, Is.EqualTo("other/large"));
        Assert.That(receipt.Attempts.Select(a => (a.Deployment, a.Error, a.StatusCode)), Is.EqualTo(new (string, LlmErrorClass, int?)[]
        {
            ("lab/small", LlmErrorClass.ProviderUnavailable, 503),
            ("other/large", LlmErrorClass.None, 200),
        }));
        Assert.That(receipt.Cost.Usd, Is.EqualTo(0.003m), "a call that was not processed is not charged");
    }

    [Test]
    public async Task All_failing_is_one_exception_with_every_attempt()
    {
        await using var host = new PipelineHost(o => o.MaxAttempts = 2);
        host.Gateway.Failures["small"] = Unavailable;
        host.Gateway.Failures["large"] = new LlmException("slow down", LlmErrorClass.RateLimited, LlmErrorSource.Provider) { StatusCode = 429, RetryAfter = TimeSpan.FromSeconds(7) };

        LlmException e = await Expect.ThrowsAsync<LlmException>(() => host.Client.GetResponseAsync("hello"));
        Assert.That(e.Attempts, Has.Count.EqualTo(2));
        Assert.That(e.ErrorClass, Is.EqualTo(LlmErrorClass.RateLimited));
        Assert.That(e.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(7)));
        Assert.That(e.IsTransient);
        Assert.That(e.Message, Does.Contain("lab/small: ProviderUnavailable (503)").And.Contain("other/large: RateLimited (429)"));
    }

    [Test]
    public async Task Attempts_are_bounded_by_MaxAttempts()
    {
        await using var host = new PipelineHost(o => o.MaxAttempts = 1);
        host.Gateway.Failures["small"] = Unavailable;

        LlmException e = await Expect.ThrowsAsync<LlmException>(() => host.Client.GetResponseAsync("hello"));
        Assert.That(e.Attempts, Has.Count.EqualTo(1));
        Assert.That(host.Gateway.Calls, Has.Count.EqualTo(1));
    }

    [TestCase(LlmErrorClass.InvalidRequest)]
    [TestCase(LlmErrorClass.ContentPolicy)]
    [TestCase(LlmErrorClass.GuardrailDenied)]
    public async Task Fault_of_the_request_itself_is_not_tried_elsewhere(LlmErrorClass error)
    {
        await using var host = new PipelineHost();
        host.Gateway.Failures["small"] = new LlmException("no", error, LlmErrorSource.Provider);

        await Expect.ThrowsAsync<LlmException>(() => host.Client.GetResponseAsync("hello"));
        Assert.That(host.Gateway.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Dead_credential_skips_the_other_models_of_its_account()
    {
        await using var host = new PipelineHost(o => o.Deployments.Add(new DeploymentOptions { Account = "lab", Model = "medium", InputPrice = 2, OutputPrice = 2 }));
        host.Gateway.Failures["small"] = new LlmException("401", LlmErrorClass.Authentication, LlmErrorSource.Provider);

        LlmReceipt receipt = (await host.Client.GetResponseAsync("hello")).Receipt;
        Assert.That(receipt.Attempts.Select(a => a.Deployment), Is.EqualTo(new[] { "lab/small", "other/large" }));
    }

    [Test]
    public async Task Too_long_a_context_goes_to_a_larger_window_only()
    {
        await using var host = new PipelineHost(o => o.Deployments.Add(new DeploymentOptions { Account = "lab", Model = "medium", InputPrice = 2, OutputPrice = 2, ContextTokens = 5_000 }));
        host.Gateway.Failures["small"] = new LlmException("too long", LlmErrorClass.ContextLength, LlmErrorSource.Provider);

        LlmReceipt receipt = (await host.Client.GetResponseAsync("hello")).Receipt;
        Assert.That(receipt.Attempts.Select(a => a.Deployment), Is.EqualTo(new[] { "lab/small", "other/large" }));
    }

    [Test]
    public async Task Stream_that_breaks_after_its_first_piece_is_charged_and_never_tried_elsewhere()
    {
        var ledger = new SpyLedger();
        await using var host = new PipelineHost(build: b => WithLedger(b, ledger));
        host.Gateway.BreakAfterFirst = new LlmException("reset", LlmErrorClass.Network, LlmErrorSource.Gateway);

        var seen = new List<string>();
        LlmStreamInterruptedException e = await Expect.ThrowsAsync<LlmStreamInterruptedException>(async () =>
        {
            await foreach (LlmResponseUpdate update in host.Client.GetStreamingResponseAsync("hello"))
            {
                seen.Add(update.Text);
            }
        });

        Assert.That(string.Concat(seen), Is.EqualTo("h"));
        Assert.That(e.PartialText, Is.EqualTo("h"));
        Assert.That(e.ErrorClass, Is.EqualTo(LlmErrorClass.Network));
        Assert.That(e.Receipt!.Cost.Status, Is.EqualTo(PriceStatus.UpperBound));
        Assert.That(host.Gateway.Calls, Has.Count.EqualTo(1));
        Assert.That(ledger.Settled, Has.Count.EqualTo(1));
        Assert.That(ledger.Settled[0].Usd, Is.EqualTo(e.Receipt.Cost.Usd).And.GreaterThan(0.002m));
    }

    [Test]
    public async Task Abandoned_stream_is_charged_its_upper_bound_once()
    {
        var ledger = new SpyLedger();
        await using var host = new PipelineHost(build: b => WithLedger(b, ledger));
        await foreach (LlmResponseUpdate _ in host.Client.GetStreamingResponseAsync("hello"))
        {
            break;
        }

        Assert.That(ledger.Settled, Has.Count.EqualTo(1));
        Assert.That(ledger.Settled[0].Usd, Is.GreaterThan(0.002m));
    }

    [Test]
    public async Task Cancelled_call_is_charged_its_upper_bound_and_not_tried_elsewhere([Values] bool streamed)
    {
        var ledger = new SpyLedger();
        await using var host = new PipelineHost(build: b => WithLedger(b, ledger));
        using var cancel = new CancellationTokenSource();
        host.Gateway.OnCall = _ => cancel.CancelAsync();

        await Assert.CatchAsync<OperationCanceledException>(() => ReceiptAsync(host, streamed, cancel.Token));
        Assert.That(host.Gateway.Calls, Has.Count.EqualTo(1));
        Assert.That(ledger.Settled.Select(s => s.Usd), Is.EqualTo(new[] { ledger.Asked.First()[0] }));
    }

    [Test]
    public async Task Deadline_ends_the_request_with_a_timeout([Values] bool streamed)
    {
        await using var host = new PipelineHost(o => o.Timeout = TimeSpan.FromSeconds(30));
        host.Gateway.OnCall = token =>
        {
            var never = new TaskCompletionSource();
            token.Register(() => never.TrySetCanceled(token));
            host.Time.Advance(TimeSpan.FromSeconds(31));
            return never.Task;
        };

        LlmException e = await Expect.ThrowsAsync<LlmException>(() => ReceiptAsync(host, streamed));
        Assert.That(e.ErrorClass, Is.EqualTo(LlmErrorClass.Timeout));
        Assert.That(e.ErrorSource, Is.EqualTo(LlmErrorSource.Sdk));
        Assert.That(e.Attempts, Has.Count.EqualTo(1), "nothing is tried after the deadline");
        Assert.That(e.Attempts[0].Cost.Status, Is.EqualTo(PriceStatus.UpperBound));
    }

    [Test]
    public async Task Deadline_that_is_over_sends_nothing()
    {
        await using var host = new PipelineHost();
        var request = new LlmRequest("hello") { Context = new LlmRequestContext { Deadline = host.Time.GetUtcNow() } };

        LlmException e = await Expect.ThrowsAsync<LlmException>(() => host.Client.GetResponseAsync(request));
        Assert.That(e.ErrorClass, Is.EqualTo(LlmErrorClass.Timeout));
        Assert.That(host.Gateway.Calls, Is.Empty);
    }

    [Test]
    public async Task Budget_too_small_for_the_best_model_falls_to_a_cheaper_one()
    {
        await using var host = new PipelineHost(o => o.RoutingPolicy = RoutingPolicies.HighestQuality, b => b.UseBudgetPolicy(new PipelineHost.FlatPolicy(0.1m)));
        LlmReceipt receipt = (await host.Client.GetResponseAsync("hello")).Receipt;

        Assert.That(receipt.Deployment, Is.EqualTo("lab/small"));
        Assert.That(receipt.ReservedUsd, Is.GreaterThan(0.002m).And.LessThan(0.0021m));
        Assert.That(host.Gateway.Calls[0].Options.MaxOutputTokens, Is.EqualTo(2_000), "the cap that was reserved for is the cap that is sent");
    }

    [Test]
    public async Task Budget_that_can_pay_for_nothing_refuses_before_anything_is_sent()
    {
        await using var host = new PipelineHost(build: b => b.UseBudgetPolicy(new PipelineHost.FlatPolicy(0.001m)));

        BudgetExceededException e = await Expect.ThrowsAsync<BudgetExceededException>(() => host.Client.GetResponseAsync("hello"));
        Assert.That(e.Message, Does.Contain("'org:all' of 0.001 USD has 0 used and 0 held back for calls under way, which leaves 0.001"));
        Assert.That(e.RetryAfter, Is.Null, "no renewal pays for it");
        Assert.That(host.Gateway.Calls, Is.Empty);
    }

    [Test]
    [Property("FaultMatrix", "56")]
    public async Task Deployment_of_unknown_price_is_not_paid_for_by_a_budget()
    {
        await using var host = new PipelineHost(
            o =>
            {
                o.UnknownPrices = Sdk.Costing.UnknownPricePolicy.AllowAndFlag;
                o.Deployments.Add(new DeploymentOptions { Account = "lab", Model = "secret" });
            },
            b => b.UseBudgetPolicy(new PipelineHost.FlatPolicy(1_000)));

        BudgetExceededException e = await Expect.ThrowsAsync<BudgetExceededException>(
            () => host.Client.GetResponseAsync(new LlmRequest("hello") { Options = new ChatOptions { ModelId = "secret" } }));
        Assert.That(e.Message, Does.Contain("'org:all'").And.Contain("for want of a price"));
        Assert.That(host.Gateway.Calls, Is.Empty);
        Assert.That((await host.Client.GetResponseAsync("hello")).Receipt.Deployment, Is.EqualTo("lab/small"), "others are paid for");
    }

    [Test]
    public async Task Every_reservation_is_settled_when_nothing_answers()
    {
        var ledger = new SpyLedger();
        await using var host = new PipelineHost(o => o.MaxAttempts = 2, build: b => WithLedger(b, ledger));
        host.Gateway.Failures["small"] = Unavailable;
        host.Gateway.Failures["large"] = Unavailable;

        await Expect.ThrowsAsync<LlmException>(() => host.Client.GetResponseAsync("hello"));
        Assert.That(ledger.Settled, Is.EqualTo(new[] { (1L, 0m), (2L, 0m) }));
    }

    [Test]
    public async Task Failure_of_the_ledger_to_settle_doesnt_hide_the_answer()
    {
        var ledger = new SpyLedger { FailSettle = new InvalidOperationException("ledger down") };
        await using var host = new PipelineHost(build: b => WithLedger(b, ledger));

        Assert.That((await host.Client.GetResponseAsync("hello")).Text, Is.EqualTo("hi"));
    }

    [Test]
    public async Task Answer_without_usage_is_charged_its_upper_bound([Values] bool streamed)
    {
        await using var host = new PipelineHost();
        host.Gateway.Usage = null;
        LlmReceipt receipt = await ReceiptAsync(host, streamed);

        Assert.That(receipt.Cost.Status, Is.EqualTo(PriceStatus.UpperBound));
        Assert.That(receipt.Cost.Usd, Is.GreaterThan(0.002m));
        Assert.That(receipt.Cost.IsExact, Is.False);
    }

    [Test]
    public async Task Unexpected_exception_of_the_gateway_is_thrown_as_it_is_and_releases_the_budget()
    {
        var ledger = new SpyLedger();
        await using var host = new PipelineHost(build: b => WithLedger(b, ledger));
        host.Gateway.Failures["small"] = new ArgumentException("bad option");

        await Expect.ThrowsAsync<ArgumentException>(() => host.Client.GetResponseAsync("hello"));
        Assert.That(ledger.Settled, Is.EqualTo(new[] { (1L, 0m) }));
    }

    [Test]
    public async Task Second_equal_request_is_a_free_hit_whole_or_streamed()
    {
        await using var host = new PipelineHost(build: b => b.UseExactMatchCache());
        LlmResponse first = await host.Client.GetResponseAsync("hello");
        LlmResponse second = await host.Client.GetResponseAsync("hello");
        List<LlmResponseUpdate> third = await PipelineHost.ReadAsync(host.Client.GetStreamingResponseAsync("hello"));

        Assert.That(host.Gateway.Calls, Has.Count.EqualTo(1));
        Assert.That(first.Receipt.Cache, Is.EqualTo(CacheOutcome.Miss));
        Assert.That(second.Receipt.Cache, Is.EqualTo(CacheOutcome.Hit));
        Assert.That(second.Receipt.Cost, Is.EqualTo(LlmCost.None));
        Assert.That(second.Receipt.Saving, Is.EqualTo(first.Receipt.Saving!.Value with { CacheUsd = first.Receipt.Cost.Usd }));
        Assert.That(second.Receipt.SavingUsd, Is.EqualTo(first.Receipt.SavingUsd + first.Receipt.Cost.Usd), "what both would have cost at the reference");
        Assert.That(second.Receipt.RequestId, Is.Not.EqualTo(first.Receipt.RequestId));
        Assert.That(second.Content.Usage, Is.Null);
        Assert.That(string.Concat(third.Select(u => u.Text)), Is.EqualTo("hi"));
        Assert.That(third[^1].Receipt!.Cache, Is.EqualTo(CacheOutcome.Hit));
    }

    [Test]
    public async Task Saving_is_reckoned_against_the_configured_reference()
    {
        await using var host = new PipelineHost(o => o.ReferenceModel = "openai/gpt-4o");
        LlmReceipt receipt = (await host.Client.GetResponseAsync("hello")).Receipt;

        // 10 x 2.50 + 20 x 10 per million, less what the small model cost.
        Assert.That(receipt.Saving, Is.EqualTo(new LlmSaving { RoutingUsd = 0.000225m - 0.00003m }));
    }

    [Test]
    public async Task Saving_of_a_call_whose_price_nobody_knows_is_unknown()
    {
        await using var host = new PipelineHost(o =>
        {
            o.UnknownPrices = Sdk.Costing.UnknownPricePolicy.AllowAndFlag;
            o.Deployments.Add(new DeploymentOptions { Account = "lab", Model = "secret" });
        }, b => b.UseExactMatchCache());
        var request = new LlmRequest("hello") { Options = new ChatOptions { ModelId = "secret" } };

        Assert.That((await host.Client.GetResponseAsync(request)).Receipt.Saving, Is.Null);
        LlmReceipt hit = (await host.Client.GetResponseAsync(request)).Receipt;
        Assert.That((hit.Cache, hit.Saving, hit.SavingUsd), Is.EqualTo((CacheOutcome.Hit, (LlmSaving?)null, (decimal?)null)));
    }

    [Test]
    public async Task Answer_of_another_model_than_was_asked_for_is_charged_at_its_price([Values] bool streamed)
    {
        await using var host = new PipelineHost(o =>
        {
            o.Deployments.Clear();
            o.Accounts["real"] = new AccountOptions { Provider = "openai", ApiKey = "sk", Models = { "gpt-4o-mini" } };
        });
        host.Gateway.ServedModel = "gpt-4o";
        LlmReceipt receipt = await ReceiptAsync(host, streamed);

        Assert.That((receipt.Model, receipt.ModelServed, receipt.Cost), Is.EqualTo(("gpt-4o-mini", "gpt-4o", new LlmCost(0.000225m, PriceStatus.Exact))));
    }

    [Test]
    public async Task Streamed_answer_is_cached_for_whole_requests()
    {
        await using var host = new PipelineHost(build: b => b.UseExactMatchCache());
        await PipelineHost.ReadAsync(host.Client.GetStreamingResponseAsync("hello"));

        Assert.That((await host.Client.GetResponseAsync("hello")).Receipt.Cache, Is.EqualTo(CacheOutcome.Hit));
    }

    [Test]
    public async Task Tenants_dont_share_answers()
    {
        await using var host = new PipelineHost(build: b => b.UseExactMatchCache());
        await host.Client.GetResponseAsync("hello");
        await host.Client.GetResponseAsync(new LlmRequest("hello") { Context = new LlmRequestContext { TenantId = "acme" } });

        Assert.That(host.Gateway.Calls, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Directives_bypass_and_refresh_are_obeyed()
    {
        await using var host = new PipelineHost(build: b => b.UseExactMatchCache());
        await host.Client.GetResponseAsync("hello");
        LlmResponse bypassed = await host.Client.GetResponseAsync(new LlmRequest("hello") { Caching = CacheDirective.Bypass });
        LlmResponse refreshed = await host.Client.GetResponseAsync(new LlmRequest("hello") { Caching = CacheDirective.Refresh });

        Assert.That(host.Gateway.Calls, Has.Count.EqualTo(3));
        Assert.That(bypassed.Receipt.Cache, Is.EqualTo(CacheOutcome.Bypassed));
        Assert.That(refreshed.Receipt.Cache, Is.EqualTo(CacheOutcome.Miss));
    }

    [Test]
    public async Task Request_may_read_without_writing_and_live_for_a_time_of_its_own()
    {
        await using var host = new PipelineHost(build: b => b.UseExactMatchCache(o => o.Jitter = 0));
        await host.Client.GetResponseAsync(new LlmRequest("read only") { Caching = CacheDirective.Default with { Writes = false } });
        Assert.That((await host.Client.GetResponseAsync("read only")).Receipt.Cache, Is.EqualTo(CacheOutcome.Miss));

        var brief = new LlmRequest("brief") { Caching = CacheDirective.Default with { TimeToLive = TimeSpan.FromSeconds(5) } };
        await host.Client.GetResponseAsync(brief);
        host.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.That((await host.Client.GetResponseAsync(brief)).Receipt.Cache, Is.EqualTo(CacheOutcome.Hit));
        host.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That((await host.Client.GetResponseAsync(brief)).Receipt.Cache, Is.EqualTo(CacheOutcome.Miss));
    }

    [Test]
    public async Task Time_to_live_is_shortened_at_random([Range(0, 4)] int run)
    {
        await using var host = new PipelineHost(build: b => b.UseExactMatchCache(o => (o.TimeToLive, o.Jitter) = (TimeSpan.FromSeconds(100), 0.5)));
        await host.Client.GetResponseAsync("hello");
        host.Time.Advance(TimeSpan.FromSeconds(49.9));
        Assert.That((await host.Client.GetResponseAsync("hello")).Receipt.Cache, Is.EqualTo(CacheOutcome.Hit));
        host.Time.Advance(TimeSpan.FromSeconds(50.1));
        Assert.That((await host.Client.GetResponseAsync("hello")).Receipt.Cache, Is.EqualTo(CacheOutcome.Miss));
    }

    [Test]
    public async Task Temperature_that_asks_for_variety_isnt_cached_unless_there_is_a_seed()
    {
        await using var host = new PipelineHost(build: b => b.UseExactMatchCache(o => o.MaxTemperature = 0.5f));
        Assert.That(await OutcomeAsync(new ChatOptions { Temperature = 0.6f }), Is.EqualTo(CacheOutcome.Bypassed));
        Assert.That(await OutcomeAsync(new ChatOptions { Temperature = 0.6f, Seed = 1 }), Is.EqualTo(CacheOutcome.Miss));
        Assert.That(await OutcomeAsync(new ChatOptions { Temperature = 0.5f }), Is.EqualTo(CacheOutcome.Miss));

        async Task<CacheOutcome> OutcomeAsync(ChatOptions options) => (await host.Client.GetResponseAsync(new LlmRequest("x") { Options = options })).Receipt.Cache;
    }

    [Test]
    public async Task Conversation_in_which_something_was_done_isnt_cached([Values] bool needsApproval)
    {
        await using var host = new PipelineHost(build: b => b.UseExactMatchCache());
        AIFunction function = AIFunctionFactory.Create(() => "booked", "book");
        LlmReceipt receipt = (await host.Client.GetResponseAsync(new LlmRequest(
        [
            new ChatMessage(ChatRole.User, "book it"),
            new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("c", "book")]),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c", "booked")]),
        ])
        {
            Options = new ChatOptions { Tools = [needsApproval ? new ApprovalRequiredAIFunction(function) : function] },
        })).Receipt;
        Assert.That(receipt.Cache, Is.EqualTo(needsApproval ? CacheOutcome.Bypassed : CacheOutcome.Miss));
    }

    [Test]
    public async Task Request_that_was_changed_while_it_was_answered_isnt_cached()
    {
        await using var host = new PipelineHost(build: b => b.UseExactMatchCache());
        var messages = new List<ChatMessage> { new(ChatRole.User, "hello") };
        host.Gateway.OnCall = _ =>
        {
            messages.Add(new ChatMessage(ChatRole.User, "and goodbye"));
            return Task.CompletedTask;
        };
        await host.Client.GetResponseAsync(new LlmRequest(messages));
        host.Gateway.OnCall = _ => Task.CompletedTask;
        Assert.That((await host.Client.GetResponseAsync("hello")).Receipt.Cache, Is.EqualTo(CacheOutcome.Miss));
        Assert.That((await host.Client.GetResponseAsync(new LlmRequest(messages))).Receipt.Cache, Is.EqualTo(CacheOutcome.Miss));
    }

    [Test]
    public async Task Trace_id_is_the_callers_or_the_activitys_or_new()
    {
        await using var host = new PipelineHost();
        LlmReceipt own = (await host.Client.GetResponseAsync(new LlmRequest("x") { Context = new LlmRequestContext { TraceId = "mine" } })).Receipt;
        Assert.That(own.TraceId, Is.EqualTo("mine"));

        using var activity = new System.Diagnostics.Activity("test");
        activity.Start();
        LlmReceipt ambient = (await host.Client.GetResponseAsync("x")).Receipt;
        Assert.That(ambient.TraceId, Is.EqualTo(activity.TraceId.ToHexString()));
        activity.Stop();

        LlmReceipt made = (await host.Client.GetResponseAsync("x")).Receipt;
        Assert.That(made.TraceId, Is.EqualTo(made.RequestId));
    }

    private static async Task<LlmReceipt> ReceiptAsync(PipelineHost host, bool streamed, CancellationToken cancellationToken = default) => streamed
        ? (await PipelineHost.ReadAsync(host.Client.GetStreamingResponseAsync("hello", cancellationToken)))[^1].Receipt!
        : (await host.Client.GetResponseAsync("hello", cancellationToken)).Receipt;

    private static void WithLedger(IIntegrationLayerBuilder builder, SpyLedger ledger)
    {
        builder.UseBudgetPolicy(new PipelineHost.FlatPolicy(1000));
        builder.Services.AddSingleton<IBudgetLedger>(ledger);
    }
}
