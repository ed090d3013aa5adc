using System.Diagnostics;
using System.Diagnostics.Metrics;
using IntegrationLayer.Sdk.Telemetry;
using IntegrationLayer.Sdk.TestSupport.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Integration.Tests.Telemetry;

/// <summary>One plain request that misses both caches, over HTTP, with a budget and a limit.</summary>
[NonParallelizable]
public sealed class InstrumentCountTests
{
    private static readonly string[] Anonymous = ["u-17", "s-4", "k-1", "invoice"];

    [TestCase(true, 57)]
    [TestCase(false, 51)]
    public async Task Full_records_as_many_instruments_as_promised(bool isStreamed, int count)
    {
        (RecordedInstruments recorded, _) = await AskAsync(TelemetryLevel.Full, isStreamed);

        Assert.That(recorded.Names, Has.Count.GreaterThanOrEqualTo(count), string.Join(Environment.NewLine, recorded.Names.Order()));
    }

    [Test]
    public async Task Lower_level_records_no_more_than_it_has([Values(TelemetryLevel.Minimal, TelemetryLevel.Standard)] TelemetryLevel level)
    {
        (RecordedInstruments recorded, _) = await AskAsync(level, isStreamed: true);

        Assert.That(recorded.Names, Has.Member("integration_layer.llm.requests").And.Not.Member("integration_layer.stage.duration"));
        Assert.That(recorded.Names.Contains("integration_layer.cache.lookups"), Is.EqualTo(level is TelemetryLevel.Standard));
    }

    [Test]
    public async Task Full_says_what_happened()
    {
        (RecordedInstruments recorded, LlmReceipt receipt) = await AskAsync(TelemetryLevel.Full, isStreamed: true);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(recorded.Of("integration_layer.cost").Values.Sum(), Is.EqualTo((double)receipt.Cost.Usd).Within(1e-12), "the parts add up");
            Assert.That(recorded.Of("integration_layer.llm.request.active").Values.Sum(), Is.Zero, "nothing is under way any more");
            Assert.That(recorded.Of("integration_layer.budget.reserved").Values.Sum(), Is.Zero.Within(1e-12), "nothing is held back any more");
            Assert.That(recorded.Of("integration_layer.cache.lookups").Keys, Is.EquivalentTo(new[]
            {
                "integration_layer.cache.level=exact;integration_layer.cache.result=miss;", "integration_layer.cache.level=semantic;integration_layer.cache.result=miss;",
            }));
            Assert.That(recorded.Of("integration_layer.gateway.responses").Keys.Single(), Does.Contain("status_code=200"));
            Assert.That(recorded.Of("integration_layer.rate_limit.remaining").Values, Is.EquivalentTo(new[] { 9998d, 1999000d }));
            Assert.That(recorded.Names.SelectMany(n => recorded.Of(n).Keys).Where(set => Anonymous.Any(set.Contains)), Is.Empty, "nobody is named");
        }
    }

    [Test]
    public async Task Full_has_a_span_for_every_stage_and_call()
    {
        List<Activity> spans = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == IntegrationLayerDiagnostics.ActivitySourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                lock (spans)
                {
                    spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        (_, LlmReceipt receipt) = await AskAsync(TelemetryLevel.Full, isStreamed: false);
        Activity request;
        Activity[] children;
        lock (spans)
        {
            request = spans.Single(s => s.GetTagItem("integration_layer.request.id") as string == receipt.RequestId);
            children = [.. spans.Where(s => s.ParentSpanId == request.SpanId)];
        }

        Assert.That(children.Select(s => s.OperationName), Is.SupersetOf(new[] { "cache", "route", "reserve", "settle", $"attempt {receipt.Deployment}" }));
        Assert.That(children.Select(s => s.StartTimeUtc), Has.All.GreaterThanOrEqualTo(request.StartTimeUtc));
        Assert.That(Activity.Current, Is.Null, "no span is left current");
    }

    private static async Task<(RecordedInstruments Recorded, LlmReceipt Receipt)> AskAsync(TelemetryLevel level, bool isStreamed)
    {
        await using MeasuredHost host = await MeasuredHost.StartAsync(level);
        using var recorded = new RecordedInstruments(host.Services.GetRequiredService<IMeterFactory>());
        return (recorded, await host.AskAsync(isStreamed));
    }
}
