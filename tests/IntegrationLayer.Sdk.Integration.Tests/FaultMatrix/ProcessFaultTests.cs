using System.Diagnostics;
using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Portkey;
using IntegrationLayer.Sdk.Telemetry;
using IntegrationLayer.Sdk.Testing;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace IntegrationLayer.Sdk.Integration.Tests.FaultMatrix;

/// <summary>Rows 41 to 44, 47, 54, 60 and 62: what goes wrong in, or comes from, the application's own process.</summary>
internal sealed class ProcessFaultTests : FaultMatrixTest
{
    // What a store gives back is not what it was given: each byte of it changed in turn, and cut short. Without the damage, it is an answer: the control.
    [Test]
    [Property("FaultMatrix", "41")]
    public async Task Damaged_answer_of_a_store_is_asked_for_anew()
    {
        Fake.OnChat(First).Reply("first");
        DamagingCache store = new();
        ServiceProvider sdk = Open(build: builder =>
        {
            builder.UseExactMatchCache();
            builder.Services.AddSingleton<IResponseCache>(store);
        });
        await AskAsync(sdk);

        LlmReceipt whole = (await AskAsync(sdk)).Receipt;
        store.Keeps = 10;
        (string text, LlmReceipt cut) = await AskAsync(sdk);

        Assert.That(whole.Cache, Is.EqualTo(CacheOutcome.Hit));
        Assert.That((text, cut.Cache), Is.EqualTo((First, CacheOutcome.Miss)));
    }

    [Test]
    [Property("FaultMatrix", "41")]
    public async Task Answer_of_one_tenant_is_not_given_to_another()
    {
        Fake.OnChat(First).Reply("first");
        ServiceProvider sdk = Open(build: builder => builder.UseExactMatchCache());
        LlmRequest Of(string tenant) => new("Who answers?") { Context = new LlmRequestContext { TenantId = tenant } };

        await AskAsync(sdk, request: Of("acme"));

        Assert.That((await AskAsync(sdk, request: Of("umbrella"))).Receipt.Cache, Is.EqualTo(CacheOutcome.Miss));
        Assert.That((await AskAsync(sdk, request: Of("acme"))).Receipt.Cache, Is.EqualTo(CacheOutcome.Hit));
    }

    [Test]
    [Property("FaultMatrix", "42")]
    public async Task Thousand_identical_requests_are_sent_once()
    {
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Fake.OnChat(First).Answer(FakePortkeyReply.Stream("fir", "st").WithFault(FakePortkeyStreamFault.Stall(1, release.Task)));
        ServiceProvider sdk = Open(build: builder => builder.UseExactMatchCache());

        Task<(string Text, LlmReceipt Receipt)>[] all = [.. Enumerable.Range(0, 1_000).Select(i => AskAsync(sdk, isStreamed: i % 2 == 0))];
        release.SetResult();
        (string Text, LlmReceipt Receipt)[] answers = await Task.WhenAll(all);

        Assert.That(Fake.RequestCount, Is.EqualTo(1));
        Assert.That(answers.Select(answer => answer.Text), Is.All.EqualTo(First));
        Assert.That(answers.Count(answer => answer.Receipt.Cost.Usd > 0), Is.EqualTo(1), "one pays");
    }

    [Test]
    [Property("FaultMatrix", "43")]
    public async Task Failure_of_a_shared_call_is_told_to_all_and_makes_no_herd()
    {
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Fake.OnChat(First).Answer(FakePortkeyReply.Stream("never").WithFault(FakePortkeyStreamFault.Stall(0, release.Task)).WithFault(FakePortkeyStreamFault.ErrorEvent(0)))
            .Then.ReplyStream("first");
        ServiceProvider sdk = OpenAlone(build: builder => builder.UseExactMatchCache());
        Task<LlmException>[] all = [.. Enumerable.Range(0, 200).Select(_ => FailureOfAsync(sdk, isStreamed: true))];
        release.SetResult();
        LlmException[] failures = await Task.WhenAll(all);

        Assert.That(failures.Select(failure => failure.ErrorClass), Is.All.EqualTo(LlmErrorClass.ProviderUnavailable));
        Assert.That(Fake.RequestCount, Is.EqualTo(1));
        Assert.That((await AskAsync(sdk, isStreamed: true)).Text, Is.EqualTo(First), "and it isn't kept");
    }

    // Times are measured by the monotonic clock: what the wall clock does meanwhile neither ends a call nor keeps it.
    [TestCase(2)]
    [TestCase(-2)]
    [Property("FaultMatrix", "44")]
    public async Task Wall_clock_that_jumps_neither_ends_a_call_nor_keeps_it(int hours)
    {
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Fake.OnChat(First).Answer(FakePortkeyReply.Stream("fir", "st").WithFault(FakePortkeyStreamFault.Stall(1, release.Task))).Then.Hang();
        JumpingClock clock = new();
        ServiceProvider sdk = Open(options => options.Resilience.Timeouts.Attempt = TimeSpan.FromSeconds(2), clock: clock);

        Task<(string Text, LlmReceipt Receipt)> under = AskAsync(sdk, isStreamed: true);
        await Fake.WaitForRequestsAsync(1);
        clock.Jump(TimeSpan.FromHours(hours));
        release.SetResult();
        (string text, LlmReceipt receipt) = await under;
        Task<(string Text, LlmReceipt Receipt)> hanging = AskAsync(sdk);
        await Fake.WaitForRequestsAsync(2);
        clock.Jump(TimeSpan.FromHours(-hours));

        Assert.That((text, receipt.Attempts.Count), Is.EqualTo((First, 1)));
        Assert.That(receipt.Duration, Is.InRange(TimeSpan.Zero, TimeSpan.FromMinutes(2)));
        Assert.That((await hanging).Receipt.Attempts.Select(attempt => attempt.Error), Is.EqualTo(new[] { LlmErrorClass.Timeout, LlmErrorClass.None }));
    }

    // The request names no limit, so the one that money is held back for is sent; a provider that exceeds it is paid, and seen in the budget.
    [Test]
    [Property("FaultMatrix", "47")]
    public async Task Answer_dearer_than_what_was_held_back_is_charged_in_full()
    {
        Fake.OnChat(First).Answer(FakePortkeyReply.Text("long").WithUsage(10, 50_000)).Then.Answer(FakePortkeyReply.Text("short").WithUsage(10, 10));
        ServiceProvider sdk = OpenAlone();

        LlmReceipt beyond = (await AskAsync(sdk)).Receipt;
        (decimal used, decimal held) = await BudgetOfAsync(sdk);
        LlmReceipt within = (await AskAsync(sdk)).Receipt;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Fake.Requests[0].Json.GetRawText(), Does.Match("\"max_(completion_)?tokens\":1000"));
            Assert.That(beyond.Cost.Usd, Is.EqualTo(100.01m).And.GreaterThan(beyond.ReservedUsd));
            Assert.That((used, held), Is.EqualTo((100.01m, 0m)));
            Assert.That(within.Cost.Usd, Is.LessThan(within.ReservedUsd));
        }
    }

    // A batch processor, as OpenTelemetry's exporters have, whose backend never answers.
    [Test]
    [Property("FaultMatrix", "54")]
    public async Task Exporter_that_blocks_delays_nobody_and_keeps_no_more_than_its_queue()
    {
        const int Calls = 200;
        Fake.OnChat(First).Reply("first");
        using ManualResetEventSlim release = new();
        BlockedExporter exporter = new(release);
        using TracerProvider tracing = OpenTelemetry.Sdk.CreateTracerProviderBuilder()
            .AddSource(IntegrationLayerDiagnostics.ActivitySourceName)
            .AddProcessor(new BatchActivityExportProcessor(exporter, maxQueueSize: 32, scheduledDelayMilliseconds: 1, maxExportBatchSize: 8))
            .Build();
        ServiceProvider sdk = Open();

        await AskAsync(sdk);
        await exporter.IsBlocked.WaitAsync(TimeSpan.FromSeconds(10));
        for (int i = 0; i < Calls; i++)
        {
            Assert.That((await AskAsync(sdk)).Text, Is.EqualTo(First));
        }

        release.Set();
        tracing.ForceFlush();
        Assert.That(exporter.Exported, Is.InRange(1, Calls / 2), "the rest was dropped");
    }

    [Test]
    [Property("FaultMatrix", "60")]
    public async Task Gateway_that_comes_and_goes_costs_no_answer()
    {
        Fake.OnChat(First).Reply("first");
        await using FaultProxy flapping = FaultProxy.Start(Server.BaseAddress);
        Microsoft.Extensions.Time.Testing.FakeTimeProvider time = new();
        ServiceProvider sdk = Open(
            options =>
            {
                options.Portkey.Endpoints.Add(new PortkeyEndpointOptions { Name = "flapping", Address = flapping.Address });
                options.Portkey.Endpoints.Add(new PortkeyEndpointOptions { Name = "steady", Address = Server.BaseAddress });
            },
            clock: time);
        ServiceProvider alone = Open(options => options.Portkey.Endpoint = flapping.Address, clock: time);
        int answered = 0;
        for (int second = 0; second < 60; second++)
        {
            if (second % 2 == 0)
            {
                flapping.BringUp();
            }
            else
            {
                flapping.TakeDown();
            }

            for (int i = 0; i < 5; i++)
            {
                // A connection that breaks under a request may have carried it: a second call, of the deployment, answers.
                Assert.That((await AskAsync(sdk)).Text, Is.AnyOf(First, Second));
                answered += await IsAnsweredAsync(alone) ? 1 : 0;
                time.Advance(TimeSpan.FromMilliseconds(200));
            }
        }

        Assert.That(answered, Is.InRange(60 * 5 / 8, 60 * 5 / 2), "alone it answers at most when it is up, and it is found to be up");
    }

    private static async Task<bool> IsAnsweredAsync(ServiceProvider sdk)
    {
        try
        {
            await AskAsync(sdk);
            return true;
        }
        catch (LlmException)
        {
            return false;
        }
    }

    // What an application's own callers put into its trace must neither reach the gateway nor break the call.
    [Test]
    [Property("FaultMatrix", "62")]
    public async Task Baggage_and_trace_state_of_strangers_stay_here()
    {
        Fake.OnChat(First).Reply("first");
        ServiceProvider sdk = OpenAlone();
        using Activity activity = new("incoming");
        activity.SetIdFormat(ActivityIdFormat.W3C).Start();
        activity.TraceStateString = "evil=1\r\nX-Injected: 1";
        activity.AddBaggage("evil", "1\r\nX-Injected: 1");
        activity.AddBaggage("large", new string('x', 64 * 1024));

        await AskAsync(sdk);
        activity.TraceStateString = "vendor=good";
        activity.SetBaggage("large", null);
        await AskAsync(sdk);

        FakePortkeyRequest[] sent = [.. Fake.Requests];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(sent[0].Header("traceparent"), Does.Contain(activity.TraceId.ToHexString()), "the trace goes on");
            Assert.That(sent[0].Header("tracestate"), Is.Null);
            Assert.That(sent[1].Header("tracestate"), Is.EqualTo("vendor=good"));
            Assert.That(sent.SelectMany(request => request.Headers.Keys), Has.None.EqualTo("baggage").IgnoreCase.And.None.EqualTo("Correlation-Context").IgnoreCase.And.None.EqualTo("X-Injected").IgnoreCase);
        }
    }

    [TestCase("evil\r\nX-Injected: 1", "x")]
    [TestCase("x", "evil\r\nX-Injected: 1")]
    [Property("FaultMatrix", "62")]
    public async Task Identifier_that_cannot_stand_in_a_header_is_refused(string traceId, string idempotencyKey)
    {
        Fake.OnChat(First).Reply("first");
        ServiceProvider sdk = OpenAlone();
        LlmRequest Of(string trace, string key) => new("Who answers?") { Context = new LlmRequestContext { TraceId = trace, IdempotencyKey = key } };

        LlmException? failure = await Assert.ThrowsAsync<LlmException>(() => AskAsync(sdk, request: Of(traceId, idempotencyKey)));

        Assert.That((failure!.ErrorClass, Fake.RequestCount), Is.EqualTo((LlmErrorClass.InvalidRequest, 0)));
        Assert.That((await AskAsync(sdk, request: Of("x", "x"))).Text, Is.EqualTo(First));
    }

    private sealed class JumpingClock : TimeProvider
    {
        private long _shift;

        public void Jump(TimeSpan by) => Interlocked.Add(ref _shift, by.Ticks);

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _shift));
    }

    private sealed class BlockedExporter(ManualResetEventSlim release) : BaseExporter<Activity>
    {
        private readonly TaskCompletionSource _isBlocked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task IsBlocked => _isBlocked.Task;

        public int Exported { get; private set; }

        public override ExportResult Export(in Batch<Activity> batch)
        {
            Exported += (int)batch.Count;
            _isBlocked.TrySetResult();
            release.Wait();
            return ExportResult.Success;
        }
    }

    /// <summary>A store that keeps bytes, as one outside the process does, and gives back as many of them as it is told.</summary>
    private sealed class DamagingCache : IResponseCache
    {
        private readonly Dictionary<CacheKey, byte[]> _answers = [];

        public int Keeps { get; set; } = int.MaxValue;

        public ValueTask<CachedAnswer?> GetAsync(CacheKey key, CancellationToken cancellationToken) =>
            new(_answers.TryGetValue(key, out byte[]? bytes) && CachedAnswer.TryRead(bytes.AsSpan(0, Math.Min(Keeps, bytes.Length)), out CachedAnswer? answer) ? answer : null);

        public ValueTask SetAsync(CacheKey key, CachedAnswer answer, CancellationToken cancellationToken)
        {
            _answers[key] = answer.ToBytes();
            return ValueTask.CompletedTask;
        }

        public ValueTask RemoveAsync(CacheKey key, CancellationToken cancellationToken)
        {
            _answers.Remove(key);
            return ValueTask.CompletedTask;
        }
    }
}
