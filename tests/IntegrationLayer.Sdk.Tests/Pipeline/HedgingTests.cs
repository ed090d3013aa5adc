using System.Diagnostics.Metrics;
using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Configuration;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Resilience;
using IntegrationLayer.Sdk.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace IntegrationLayer.Sdk.Tests.Pipeline;

/// <summary>A second call for a slow one: when, to whom, and what becomes of both.</summary>
[CancelAfter(60_000)]
internal sealed class HedgingTests
{
    private const int Requests = 80;
    private const int HedgesAtMost = Requests / 20;
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(100);
    private static readonly LlmException Unavailable = new("503", LlmErrorClass.ProviderUnavailable, LlmErrorSource.Provider) { StatusCode = 503 };

    [Test]
    public async Task Call_slower_than_95_of_100_is_joined_by_one_to_another_account_and_the_first_answer_counts()
    {
        await using var host = new HedgeHost();
        await host.EarnAsync();
        using var hedges = new MetricCollector<long>(host.Get<IMeterFactory>(), IntegrationLayerDiagnostics.MeterName, "integration_layer.hedges");
        host.On["lab/small"] = HedgeHost.Hang;
        Task second = host.Next("other/large");
        Task<LlmReceipt> answer = host.AskAsync(streamed: false);
        host.Time.Advance(Usual - TimeSpan.FromMilliseconds(1));
        Assert.That(host.Gateway.Calls, Has.Count.EqualTo(21));
        host.Time.Advance(TimeSpan.FromMilliseconds(1));
        await second;
        LlmReceipt receipt = await answer;
        await host.QuietAsync();

        Assert.That(host.Gateway.Called.Skip(20), Is.EqualTo(new[] { "lab/small", "other/large" }), "the sibling is on the same account");
        Assert.That(receipt.Attempts.Select(a => (a.Deployment, a.Error, a.Cost.Status, a.IsHedge)), Is.EqualTo(new[]
        {
            ("lab/small", LlmErrorClass.Cancelled, PriceStatus.UpperBound, false), ("other/large", LlmErrorClass.None, PriceStatus.Exact, true),
        }));
        Assert.That(receipt.Deployment, Is.EqualTo("other/large"));
        Assert.That(receipt.Cost.Usd, Is.EqualTo(receipt.Attempts.Sum(a => a.Cost.Usd)), "both are paid for");
        Assert.That(receipt.Overhead, Is.EqualTo(TimeSpan.Zero));
        Assert.That(host.Ledger.Settled.Values.Select(s => s.Count), Is.All.EqualTo(1));
        Assert.That(host.Ledger.Settled.Values.Select(s => s[0]), Is.SupersetOf(receipt.Attempts.Select(a => a.Cost.Usd)));
        Assert.That(hedges.GetMeasurementSnapshot().Select(m => m.Tags["integration_layer.outcome"]), Is.EqualTo(new[] { "won" }));
        Assert.That(host.Get<IProviderStatus>().GetStatus()[0].TimeToFirstToken, Is.GreaterThanOrEqualTo(Usual), "the balancer learns of the slow one");
    }

    [Test]
    public async Task First_call_that_answers_after_all_ends_the_second()
    {
        await using var host = new HedgeHost();
        await host.EarnAsync();
        var slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.On["lab/small"] = _ => slow.Task;
        host.On["other/large"] = HedgeHost.Hang;
        Task second = host.Next("other/large");
        Task<LlmReceipt> answer = host.AskAsync(streamed: false);
        host.Time.Advance(Usual);
        await second;
        slow.SetResult();
        LlmReceipt receipt = await answer;
        await host.QuietAsync();

        Assert.That(receipt.Attempts.Select(a => (a.Deployment, a.Error, a.IsHedge)), Is.EqualTo(new[] { ("other/large", LlmErrorClass.Cancelled, true), ("lab/small", LlmErrorClass.None, false) }));
        Assert.That(receipt.Attempts[0].Cost, Is.EqualTo(new LlmCost(receipt.Attempts[0].Cost.Usd, PriceStatus.UpperBound)).And.Not.EqualTo(LlmCost.None));
    }

    [Test]
    public async Task Stream_is_hedged_until_its_first_content_and_the_loser_is_closed()
    {
        await using var host = new HedgeHost();
        await host.EarnAsync();
        var loser = new ScriptedStream();
        host.Gateway.OnOpen = (call, _) => Task.FromResult(call.Deployment.Name == "lab/small" ? loser : new ScriptedStream().Write("large").Finish().End());
        Task<LlmReceipt> answer = host.AskAsync(streamed: true);
        host.Time.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromMilliseconds(1));
        Assert.That(host.Gateway.Called.Last(), Is.EqualTo("lab/small"), "streams have a usual time of their own, and none was seen yet");
        host.Time.Advance(TimeSpan.FromMilliseconds(1));
        LlmReceipt receipt = await answer;
        await loser.Closed;
        await host.QuietAsync();

        Assert.That(receipt.Attempts.Select(a => (a.Deployment, a.Error, a.IsHedge)), Is.EqualTo(new[] { ("lab/small", LlmErrorClass.Cancelled, false), ("other/large", LlmErrorClass.None, true) }));
    }

    [Test]
    public async Task Stream_that_has_shown_content_is_not_hedged()
    {
        await using var host = new HedgeHost();
        await host.EarnAsync();
        ScriptedStream stream = new ScriptedStream().Write("h");
        host.Gateway.OnOpen = (_, _) => Task.FromResult(stream);
        Task<LlmReceipt> answer = host.AskAsync(streamed: true);
        host.Time.Advance(TimeSpan.FromSeconds(15));
        stream.Write("i").Finish().End();

        Assert.That((await answer).Attempts, Has.Count.EqualTo(1));
        Assert.That(host.Gateway.Calls, Has.Count.EqualTo(21));
    }

    private static IEnumerable<TestCaseData> Never()
    {
        yield return Case("off", o => o.Resilience.Hedging.Enabled = false);
        yield return Case("side effects", request: new LlmRequest("hello") { HasSideEffects = true });
        yield return Case("nothing earned", earned: 18);
        yield return Case("only the same account", request: new LlmRequest("hello") { Requirements = new ModelRequirements { MaxInputPrice = 5 } });
        yield return Case("one attempt", o => o.MaxAttempts = 1);
        yield return Case("both together too dear", request: new LlmRequest("hello") { Requirements = new ModelRequirements { MaxCost = 0.402m } });

        static TestCaseData Case(string name, Action<IntegrationLayerOptions>? configure = null, LlmRequest? request = null, int earned = 20) =>
            new TestCaseData(configure, request, earned).SetName($"Nobody_else_is_called({name})");
    }

    [TestCaseSource(nameof(Never))]
    public async Task Nobody_else_is_called(Action<IntegrationLayerOptions>? configure, LlmRequest? request, int earned)
    {
        await using var host = new HedgeHost(configure);
        await host.EarnAsync(earned);
        var slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.On["lab/small"] = _ => slow.Task;
        Task<LlmReceipt> answer = host.AskAsync(streamed: false, request);
        host.Time.Advance(TimeSpan.FromSeconds(20));
        slow.SetResult();

        Assert.That((await answer).Attempts.Select(a => a.Deployment), Is.EqualTo(new[] { "lab/small" }));
        Assert.That(host.Gateway.Calls, Has.Count.EqualTo(earned + 1));
        Assert.That(host.Ledger.Settled, Has.Count.EqualTo(earned + 1), "nor is anything held back for it");
    }

    [Test]
    public async Task Other_region_of_the_same_account_will_do()
    {
        await using var host = new HedgeHost(o =>
        {
            o.Deployments[0].Regions.Add("eu-west-1");
            o.Deployments[1].Regions.Add("us-east-1");
        });
        await host.EarnAsync();
        host.On["lab/small"] = HedgeHost.Hang;
        Task<LlmReceipt> answer = host.AskAsync(streamed: false);
        host.Time.Advance(Usual);
        Assert.That((await answer).Deployment, Is.EqualTo("lab/sibling"));
    }

    [Test]
    public async Task Budget_that_pays_for_one_call_only_is_no_obstacle_to_that_one()
    {
        await using var host = new HedgeHost(budget: 0.3m);
        await host.EarnAsync();
        var slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.On["lab/small"] = _ => slow.Task;
        Task<LlmReceipt> answer = host.AskAsync(streamed: false);
        host.Time.Advance(TimeSpan.FromSeconds(20));
        slow.SetResult();
        LlmReceipt receipt = await answer;
        await host.QuietAsync();

        Assert.That(receipt.Attempts, Has.Count.EqualTo(1));
        Assert.That(host.Gateway.Called, Does.Not.Contain("other/large"));
        Assert.That(host.Get<HedgeBudget>().TryTake(), Is.True, "what was not used is kept");
    }

    [Test]
    public async Task Second_call_that_is_still_being_paid_for_is_given_up_when_the_first_answers()
    {
        await using var host = new HedgeHost();
        await host.EarnAsync();
        var slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ledger = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reserving = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.On["lab/small"] = _ => slow.Task;
        Task<LlmReceipt> answer = host.AskAsync(streamed: false);
        host.Ledger.OnReserve = async _ =>
        {
            reserving.SetResult();
            await ledger.Task;
        };
        host.Time.Advance(Usual);
        await reserving.Task;
        slow.SetResult();
        LlmReceipt receipt = await answer;
        ledger.SetResult();
        await host.QuietAsync();

        Assert.That(receipt.Attempts.Select(a => a.Deployment), Is.EqualTo(new[] { "lab/small" }));
        Assert.That(host.Gateway.Called, Does.Not.Contain("other/large"));
    }

    [Test]
    public async Task Failure_of_one_leaves_the_other_its_chance([Values] bool isFirst)
    {
        await using var host = new HedgeHost();
        await host.EarnAsync();
        var fails = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answers = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        (string failing, string answering) = isFirst ? ("lab/small", "other/large") : ("other/large", "lab/small");
        host.On[failing] = _ => fails.Task;
        host.On[answering] = _ => answers.Task;
        Task second = host.Next("other/large");
        Task<LlmReceipt> answer = host.AskAsync(streamed: false);
        host.Time.Advance(Usual);
        await second;
        fails.SetException(Unavailable);
        while (host.InFlight > 1)
        {
            await Task.Yield();
        }

        answers.SetResult();
        LlmReceipt receipt = await answer;
        await host.QuietAsync();

        Assert.That(receipt.Attempts.Select(a => (a.Deployment, a.Error, a.IsHedge)), Is.EqualTo(new[]
        {
            (failing, LlmErrorClass.ProviderUnavailable, !isFirst), (answering, LlmErrorClass.None, isFirst),
        }));
        Assert.That(receipt.Attempts[0].Cost, Is.EqualTo(LlmCost.None), "a 503 costs nothing");
        Assert.That(host.Ledger.Settled.Values.Select(s => s.Count), Is.All.EqualTo(1));
    }

    [Test]
    public async Task When_both_fail_the_next_in_line_is_called()
    {
        await using var host = new HedgeHost();
        await host.EarnAsync();
        var fails = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.On["lab/small"] = host.On["other/large"] = _ => fails.Task;
        Task second = host.Next("other/large");
        Task<LlmReceipt> answer = host.AskAsync(streamed: false);
        host.Time.Advance(Usual);
        await second;
        fails.SetException(Unavailable);

        LlmReceipt receipt = await answer;
        Assert.That(receipt.Attempts.Take(2).Select(a => a.Deployment), Is.EquivalentTo(new[] { "lab/small", "other/large" }));
        Assert.That(receipt.Attempts[2].Deployment, Is.EqualTo("lab/sibling"));
        Assert.That(host.InFlight, Is.Zero);
    }

    // A refusal is final, and nobody is asked to overrule it.
    [Test]
    public async Task Refusal_by_one_ends_the_other()
    {
        await using var host = new HedgeHost();
        await host.EarnAsync();
        var fails = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.On["lab/small"] = _ => fails.Task;
        host.On["other/large"] = HedgeHost.Hang;
        Task second = host.Next("other/large");
        Task<LlmReceipt> answer = host.AskAsync(streamed: false);
        host.Time.Advance(Usual);
        await second;
        fails.SetException(new LlmException("no", LlmErrorClass.ContentPolicy, LlmErrorSource.Provider) { StatusCode = 400 });
        LlmException e = await Expect.ThrowsAsync<LlmException>(() => answer);
        await host.QuietAsync();

        Assert.That(e.ErrorClass, Is.EqualTo(LlmErrorClass.ContentPolicy));
        Assert.That(e.Attempts.Select(a => (a.Deployment, a.Error)), Is.EqualTo(new[] { ("other/large", LlmErrorClass.Cancelled), ("lab/small", LlmErrorClass.ContentPolicy) }));
    }

    [Test]
    public async Task Caller_who_gives_up_ends_both()
    {
        await using var host = new HedgeHost();
        await host.EarnAsync();
        host.On["lab/small"] = host.On["other/large"] = HedgeHost.Hang;
        using var caller = new CancellationTokenSource();
        Task second = host.Next("other/large");
        Task<LlmReceipt> answer = host.AskAsync(streamed: false, cancellationToken: caller.Token);
        host.Time.Advance(Usual);
        await second;
        await caller.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => answer);
        await host.QuietAsync();

        Assert.That(host.Ledger.Settled.Values.Select(s => s.Single()), Is.All.GreaterThan(0), "both may be billed");
    }

    [Test]
    public async Task Embeddings_are_hedged_too()
    {
        await using var host = new HedgeHost(o =>
        {
            o.Resilience.Hedging.Delay = TimeSpan.FromSeconds(1);
            o.Deployments.Add(new DeploymentOptions { Account = "lab", Model = "embed", Kind = ModelKind.Embedding, InputPrice = 1, OutputPrice = 0, ContextTokens = 8_000 });
            o.Deployments.Add(new DeploymentOptions { Account = "other", Model = "embed-too", Kind = ModelKind.Embedding, InputPrice = 2, OutputPrice = 0, ContextTokens = 8_000 });
        });
        await host.EarnAsync();
        host.On["lab/embed"] = HedgeHost.Hang;
        Task second = host.Next("other/embed-too");
        var generator = host.Get<Microsoft.Extensions.AI.IEmbeddingGenerator<string, Microsoft.Extensions.AI.Embedding<float>>>();
        Task<Microsoft.Extensions.AI.GeneratedEmbeddings<Microsoft.Extensions.AI.Embedding<float>>> answer = generator.GenerateAsync(["hello"]);
        host.Time.Advance(TimeSpan.FromSeconds(1));
        await second;

        Assert.That(await answer, Has.Count.EqualTo(1));
        await host.QuietAsync();
    }

    // Whatever calls do and whoever gives up: one outcome a request, each reservation settled once, nothing left under way, and never more second calls than one in twenty.
    [FsCheck.NUnit.Property(MaxTest = 40)]
    public void Whatever_happens_everything_ends_once(int seed) => Assert.That(EverythingEndsOnceAsync(seed).GetAwaiter().GetResult(), Is.AtMost(HedgesAtMost));

    [Test]
    public async Task Something_does_happen()
    {
        int hedges = 0;
        for (int seed = 1; seed <= 5; seed++)
        {
            hedges += await EverythingEndsOnceAsync(seed);
        }

        Assert.That(hedges, Is.GreaterThan(0));
    }

    private static async Task<int> EverythingEndsOnceAsync(int seed)
    {
        await using var host = new HedgeHost(o =>
        {
            o.Resilience.Hedging.Delay = TimeSpan.FromMilliseconds(200);
            o.Resilience.Retries.BaseDelay = TimeSpan.FromMilliseconds(1);
        });
        var random = new Random(seed);
        foreach (string name in (string[])["lab/small", "lab/sibling", "other/large"])
        {
            host.On[name] = token => random.Next(10) switch
            {
                0 => HedgeHost.Hang(token),
                1 => Task.FromException(Unavailable),
                2 => Task.FromException(new LlmException("reset", LlmErrorClass.Network, LlmErrorSource.Gateway) { MayBeBilled = true }),
                3 => Task.Delay(TimeSpan.FromMilliseconds(random.Next(2_000)), host.Time, CancellationToken.None),
                4 => Task.Delay(TimeSpan.FromMilliseconds(random.Next(2_000)), host.Time, token),
                5 when random.Next(4) == 0 => Task.FromException(new LlmException("no", LlmErrorClass.ContentPolicy, LlmErrorSource.Provider)),
                _ => Task.CompletedTask,
            };
        }

        using var hedges = new MetricCollector<long>(host.Get<IMeterFactory>(), IntegrationLayerDiagnostics.MeterName, "integration_layer.hedges");
        (int answered, int failed) = (0, 0);
        for (int i = 0; i < Requests; i++)
        {
            using var caller = new CancellationTokenSource();
            int patience = random.Next(5) == 0 ? random.Next(30) : int.MaxValue;
            bool streamed = random.Next(2) == 0;
            Task<LlmReceipt> request = host.AskAsync(streamed, cancellationToken: caller.Token);
            for (int step = 0; !request.IsCompleted; step++)
            {
                if (step == patience)
                {
                    await caller.CancelAsync();
                }

                host.Time.Advance(TimeSpan.FromMilliseconds(50));
                await Task.Yield();
            }

            try
            {
                LlmReceipt receipt = await request;
                answered++;
                // On a clock that runs away from its reader, a finished stream may be taken for left behind.
                Assert.That(receipt.Attempts.Count(a => a.Error is LlmErrorClass.None), streamed ? Is.AtMost(1) : Is.EqualTo(1));
                Assert.That(receipt.Cost.Usd, Is.EqualTo(receipt.Attempts.Sum(a => a.Cost.Usd)));
            }
            catch (Exception e) when (e is LlmException or OperationCanceledException)
            {
                failed++;
            }
        }

        for (int step = 0; host.InFlight > 0 || host.Ledger.Open > 0; step++)
        {
            host.Time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
            Assert.That(step, Is.LessThan(1_000_000), $"seed {seed}: {host.InFlight} under way, {host.Ledger.Open} not settled");
        }

        Assert.That(answered + failed, Is.EqualTo(Requests));
        Assert.That(host.Ledger.Settled.Values.Select(s => s.Count), Is.All.EqualTo(1), $"seed {seed}");
        Assert.That(host.Gateway.Calls, Has.Count.AtMost(host.Ledger.Sent.Count));
        return hedges.GetMeasurementSnapshot().Count;
    }

    [Test]
    public void No_more_is_taken_than_requests_have_paid_for()
    {
        var budget = new HedgeBudget();
        var options = new HedgingOptions();
        (int requests, int taken) = (0, 0);
        Parallel.For(0, 100_000, _ =>
        {
            budget.Deposit(options);
            Interlocked.Increment(ref requests);
            if (budget.TryTake())
            {
                Interlocked.Increment(ref taken);
            }
        });
        Assert.That(taken, Is.EqualTo(requests / 20));

        for (int i = 0; i < 10_000; i++)
        {
            budget.Deposit(options);
        }

        int saved = 0;
        while (budget.TryTake())
        {
            saved++;
        }

        Assert.That(saved, Is.EqualTo(10), "a quiet day doesn't pay for a storm");
        budget.Return();
        Assert.That(budget.TryTake(), Is.True);
    }

    [Test]
    public void Usual_time_is_that_of_95_of_the_latest_64_answers()
    {
        var times = new AnswerTimes();
        for (int i = 1; i < 20; i++)
        {
            times.Record(TimeSpan.FromMilliseconds(i));
        }

        Assert.That(times.Usually(), Is.Null, "too few to tell");
        times.Record(TimeSpan.FromMilliseconds(20));
        Assert.That(times.Usually(), Is.EqualTo(TimeSpan.FromMilliseconds(19)));
        for (int i = 0; i < 64; i++)
        {
            times.Record(TimeSpan.FromMilliseconds(i < 3 ? 5_000 : 100));
        }

        Assert.That(times.Usually(), Is.EqualTo(TimeSpan.FromMilliseconds(100)), "three of 64 are fewer than one in twenty");
        times.Record(TimeSpan.FromMilliseconds(100));
        times.Record(TimeSpan.FromMilliseconds(100));
        times.Record(TimeSpan.FromMilliseconds(100));
        for (int i = 0; i < 4; i++)
        {
            times.Record(TimeSpan.FromMilliseconds(7_000));
        }

        Assert.That(times.Usually(), Is.EqualTo(TimeSpan.FromSeconds(7)));
    }

    [TestCase(0.0, 1_000, "MaxShare is 0; set it over 0 to 0.05.")]
    [TestCase(0.06, 1_000, "MaxShare is 0.06; set it over 0 to 0.05.")]
    [TestCase(double.NaN, 1_000, "MaxShare is NaN; set it over 0 to 0.05.")]
    [TestCase(0.05, 0, "Delay is 00:00:00; set it from 00:00:00.0010000 to 00:10:00.")]
    [TestCase(0.05, 600_001, "Delay is 00:10:00.0010000; set it from 00:00:00.0010000 to 00:10:00.")]
    public void Settings_that_make_no_sense_are_named_at_the_start(double share, int delay, string expected)
    {
        var options = new IntegrationLayerOptions();
        (options.Resilience.Hedging.MaxShare, options.Resilience.Hedging.Delay) = (share, TimeSpan.FromMilliseconds(delay));
        Assert.That(new HedgingOptionsValidator().Validate(null, options).FailureMessage, Is.EqualTo($"IntegrationLayer:Resilience:Hedging:{expected}"));
        options.Resilience.Hedging = null!;
        Assert.That(new HedgingOptionsValidator().Validate(null, options).FailureMessage, Does.Contain("Hedging is null"));
        Assert.That(new HedgingOptionsValidator().Validate(null, new IntegrationLayerOptions()).Succeeded, Is.True);
    }
}
