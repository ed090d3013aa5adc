using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Routing;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IntegrationLayer.Sdk.Tests.Pipeline;

/// <summary>Every request leaves one record, however it ends.</summary>
internal sealed class UsageRecordTests
{
    private static readonly LlmException Unavailable = new("503", LlmErrorClass.ProviderUnavailable, LlmErrorSource.Provider) { StatusCode = 503 };

    [Test]
    public async Task Answered_request_leaves_all_that_is_known_of_it([Values] bool streamed)
    {
        await using var host = new RecordingHost();
        host.Pipeline.Gateway.OnCall = _ =>
        {
            host.Pipeline.Time.Advance(TimeSpan.FromMilliseconds(300));
            return Task.CompletedTask;
        };
        var request = new LlmRequest("hello")
        {
            Options = new ChatOptions { MaxOutputTokens = 100, Temperature = 0.25f, Tools = [AIFunctionFactory.Create(() => 1)] },
            Context = new LlmRequestContext { TenantId = "acme", Operation = "greet" },
        };
        LlmReceipt receipt = streamed
            ? (await PipelineHost.ReadAsync(host.Pipeline.Client.GetStreamingResponseAsync(request)))[^1].Receipt!
            : (await host.Pipeline.Client.GetResponseAsync(request)).Receipt;

        UsageRecord record = host.Records.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((record.RequestId, record.TraceId), Is.EqualTo((receipt.RequestId, receipt.TraceId)));
            Assert.That(record.Context, Is.SameAs(request.Context));
            Assert.That(record.StartedAt, Is.EqualTo(host.StartedAt));
            Assert.That(record.Duration, Is.EqualTo(TimeSpan.FromMilliseconds(300)));
            Assert.That(record.TimeToFirstToken, Is.EqualTo(streamed ? TimeSpan.FromMilliseconds(300) : null));
            Assert.That((record.IsStreamed, record.Kind, record.MessageCount, record.ToolCount), Is.EqualTo((streamed, ModelKind.Chat, 1, 1)));
            Assert.That((record.MaxOutputTokens, record.Temperature), Is.EqualTo((100, 0.25f)));
            Assert.That((record.RoutingPolicy, record.CandidateCount), Is.EqualTo(("LowestCost", 2)));
            Assert.That((record.Deployment, record.Provider, record.Model, record.ModelServed), Is.EqualTo(("lab/small", "openai", "small", "small-served")));
            Assert.That((record.Outcome, record.ErrorType, record.StatusCode, record.FinishReason, record.Cache), Is.EqualTo(("success", (string?)null, (int?)200, "stop", "bypassed")));
            Assert.That(record.Tokens, Is.EqualTo(new TokenUsage { Input = 10, Output = 20 }));
            Assert.That((record.PriceStatus, record.CostNanoUsd, record.WastedNanoUsd, record.RoutingSavingNanoUsd), Is.EqualTo((PriceStatus.Exact, 30_000L, 0L, 2_970_000L)));
            Assert.That(record.Attempts, Is.EqualTo(receipt.Attempts));
        }
    }

    [Test]
    public async Task Answer_from_the_cache_leaves_a_record_that_says_what_it_saved()
    {
        await using var host = new RecordingHost(build: b => b.UseExactMatchCache());
        await host.Pipeline.Client.GetResponseAsync("hello");
        await host.Pipeline.Client.GetResponseAsync("hello");

        Assert.That(host.Records[0].Cache, Is.EqualTo("miss"));
        UsageRecord hit = host.Records[1];
        Assert.That((hit.Outcome, hit.Cache, hit.Deployment, hit.CostNanoUsd, hit.CacheSavingNanoUsd, hit.PriceStatus), Is.EqualTo(("cached", "hit", "lab/small", 0L, 30_000L, PriceStatus.Free)));
    }

    [Test]
    public async Task Request_that_every_deployment_failed_leaves_what_it_may_have_cost()
    {
        await using var host = new RecordingHost(configure: options => options.MaxAttempts = 2);
        host.Pipeline.Gateway.Failures["small"] = Unavailable;
        host.Pipeline.Gateway.Failures["large"] = new LlmException("reset", LlmErrorClass.Network, LlmErrorSource.Gateway) { MayBeBilled = true };

        await Expect.ThrowsAsync<LlmException>(() => host.Pipeline.Client.GetResponseAsync("hello"));

        UsageRecord record = host.Records.Single();
        Assert.That((record.Outcome, record.ErrorType, record.Deployment, record.Model, record.Cache), Is.EqualTo(("error", "network", "other/large", "large", (string?)null)));
        Assert.That(record.CostNanoUsd, Is.GreaterThan(0).And.EqualTo(record.WastedNanoUsd));
        Assert.That((record.PriceStatus, record.Attempts.Count, record.RoutingSavingNanoUsd), Is.EqualTo((PriceStatus.UpperBound, 2, 0L)));
    }

    [Test]
    public async Task Failover_leaves_one_record_with_both_calls()
    {
        await using var host = new RecordingHost();
        host.Pipeline.Gateway.Failures["small"] = Unavailable;
        await host.Pipeline.Client.GetResponseAsync("hello");

        Assert.That(host.Records.Single().Attempts.Select(a => a.Deployment), Is.EqualTo(["lab/small", "other/large"]));
    }

    [Test]
    public async Task Denied_request_leaves_a_record_that_cost_nothing()
    {
        await using var host = new RecordingHost();
        await Expect.ThrowsAsync<NoEligibleModelException>(() => host.Pipeline.Client.GetResponseAsync(new LlmRequest("hello") { Options = new ChatOptions { ModelId = "nobody" } }));

        UsageRecord record = host.Records.Single();
        Assert.That((record.Outcome, record.ErrorType, record.CostNanoUsd, record.Deployment, record.ModelRequested), Is.EqualTo(("denied", "no_eligible_model", 0L, (string?)null, "nobody")));
        Assert.That(record.StatusCode, Is.Null);
    }

    [Test]
    public async Task Cancelled_request_leaves_a_record([Values] bool streamed)
    {
        await using var host = new RecordingHost();
        using var cancelled = new CancellationTokenSource();
        if (streamed)
        {
            await foreach (LlmResponseUpdate _ in host.Pipeline.Client.GetStreamingResponseAsync("hello", cancelled.Token))
            {
                break;
            }
        }
        else
        {
            host.Pipeline.Gateway.OnCall = _ => cancelled.CancelAsync();
            Assert.That(async () => await host.Pipeline.Client.GetResponseAsync("hello", cancelled.Token), Throws.InstanceOf<OperationCanceledException>());
        }

        UsageRecord record = host.Records.Single();
        Assert.That((record.Outcome, record.ErrorType), Is.EqualTo(("cancelled", "cancelled")));
        Assert.That(record.WastedNanoUsd, Is.EqualTo(record.CostNanoUsd).And.GreaterThan(0));
    }

    [Test]
    public async Task Store_that_throws_doesnt_take_the_answer()
    {
        await using var host = new RecordingHost { Failure = new InvalidOperationException("disk full") };

        Assert.That((await host.Pipeline.Client.GetResponseAsync("hello")).Text, Is.EqualTo("hi"));
    }

    [Test]
    public async Task Without_a_store_of_ones_own_the_latest_requests_can_be_asked_for()
    {
        await using var host = new PipelineHost();
        await host.Client.GetResponseAsync("hello");
        UsageReport report = await host.Get<IUsageAnalytics>().QueryAsync(new UsageQuery { From = host.Time.GetUtcNow(), To = host.Time.GetUtcNow().AddHours(1), GroupBy = [UsageDimension.Model] });

        Assert.That(report.Rows.Single().Group, Is.EqualTo(["small"]));
        Assert.That((report.Total.CostUsd, report.Total.SavedShare), Is.EqualTo((0.00003m, 0.99)));
    }

    [Test]
    public async Task No_record_is_made_when_none_is_kept()
    {
        await using var host = new PipelineHost(o => o.Usage.RecordsInMemory = 0);
        await host.Client.GetResponseAsync("hello");
        UsageReport report = await host.Get<IUsageAnalytics>().QueryAsync(new UsageQuery { From = host.Time.GetUtcNow(), To = host.Time.GetUtcNow().AddHours(1) });

        Assert.That(report.Total.Requests, Is.Zero);
    }

    private sealed class RecordingHost : IUsageStore, IAsyncDisposable
    {
        public RecordingHost(Action<IIntegrationLayerBuilder>? build = null, Action<IntegrationLayerOptions>? configure = null)
        {
            Pipeline = new PipelineHost(configure, b =>
            {
                b.Services.Replace(ServiceDescriptor.Singleton<IUsageStore>(this));
                build?.Invoke(b);
            });
            StartedAt = Pipeline.Time.GetUtcNow();
        }

        public PipelineHost Pipeline { get; }

        public DateTimeOffset StartedAt { get; }

        public List<UsageRecord> Records { get; } = [];

        public Exception? Failure { get; init; }

        public void Append(UsageRecord record)
        {
            Records.Add(record);
            if (Failure is not null)
            {
                throw Failure;
            }
        }

        public ValueTask DisposeAsync() => Pipeline.DisposeAsync();
    }
}
