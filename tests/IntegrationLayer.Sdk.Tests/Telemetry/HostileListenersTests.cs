using System.Diagnostics;
using System.Diagnostics.Metrics;
using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Configuration;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Telemetry;
using IntegrationLayer.Sdk.Tests.Pipeline;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Compliance.Classification;
using Microsoft.Extensions.Compliance.Redaction;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace IntegrationLayer.Sdk.Tests.Telemetry;

/// <summary>What the SDK tells must neither change the request that it tells of, nor what the caller does next.</summary>
[NonParallelizable]
internal sealed class HostileListenersTests
{
    [TestCase(false, "small")]
    [TestCase(true, "small")]
    [TestCase(true, "nobody")]
    public async Task Spans_of_calls_are_children_of_the_callers_and_leave_it_current(bool hasCache, string model)
    {
        using var mine = new ActivitySource("tests.caller");
        List<Activity> spans = [];
        using ActivityListener listener = Listen(spans);
        await using var host = new PipelineHost(build: b => _ = hasCache ? b.UseExactMatchCache() : b);
        using Activity outer = mine.StartActivity("outer")!;
        for (int i = 0; i < 3; i++)
        {
            Task asking = host.Client.GetResponseAsync(new LlmRequest($"hello {i / 2}") { Options = new ChatOptions { ModelId = model } });
            Assert.That(Activity.Current, Is.SameAs(outer), "while it is under way");
            await asking.ContinueWith(static _ => { }, TaskScheduler.Default);
            Assert.That(Activity.Current, Is.SameAs(outer), "and after it");
        }

        Assert.That(spans.Where(s => s.OperationName.StartsWith("chat", StringComparison.Ordinal)).Select(s => s.ParentSpanId), Has.Exactly(3).EqualTo(outer.SpanId).And.All.EqualTo(outer.SpanId));
    }

    [Test]
    public async Task Redactor_that_throws_costs_neither_the_answer_nor_its_record([Values] bool isStreamed)
    {
        List<Activity> spans = [];
        using ActivityListener listener = Listen(spans);
        await using var host = new PipelineHost(o => o.Telemetry.CaptureContent = true, b => b.Services.AddSingleton<IRedactorProvider>(new Broken()));
        var request = new LlmRequest("hello") { Options = new ChatOptions { ModelId = "small" } };
        string text = isStreamed
            ? string.Concat((await PipelineHost.ReadAsync(host.Client.GetStreamingResponseAsync(request))).Select(u => u.Text))
            : (await host.Client.GetResponseAsync(request)).Text;

        Assert.That(text, Is.Not.Empty);
        Assert.That(await RequestsOnRecordAsync(host), Is.EqualTo(1));
        Assert.That(spans.Single(s => s.OperationName == "chat small").GetTagItem("integration_layer.content.error"), Is.EqualTo(typeof(InvalidTimeZoneException).FullName));
    }

    [Test]
    public async Task Listener_that_throws_costs_neither_the_answer_nor_its_record()
    {
        await using var host = new PipelineHost();
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, self) =>
        {
            if (instrument.Name == "integration_layer.llm.requests")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>(static (_, _, _, _) => throw new InvalidTimeZoneException());
        listener.Start();
        LlmResponse answer = await host.Client.GetResponseAsync("hello");

        Assert.That(answer.Text, Is.Not.Empty);
        Assert.That(await RequestsOnRecordAsync(host), Is.EqualTo(1));
    }

    [Test]
    public async Task Cache_policy_that_throws_leaves_nothing_under_way([Values] bool isStreamed)
    {
        await using var host = new PipelineHost(o => o.Telemetry.Level = TelemetryLevel.Full, b => b.UseExactMatchCache().Services.AddSingleton<ICachePolicy>(new BrokenPolicy()));
        using MetricCollector<long> active = Collect<long>(host, "integration_layer.llm.request.active");
        await Assert.ThrowsAsync<InvalidTimeZoneException>(async () =>
        {
            if (isStreamed)
            {
                await PipelineHost.ReadAsync(host.Client.GetStreamingResponseAsync("hello"));
            }
            else
            {
                await host.Client.GetResponseAsync("hello");
            }
        });

        Assert.That(active.GetMeasurementSnapshot().Sum(m => m.Value), Is.Zero);
    }

    [Test]
    public async Task Failed_calls_money_is_counted_at_its_own_provider_and_the_answers_tokens_are_counted([Values] TelemetryLevel level)
    {
        await using var host = new PipelineHost(o => o.Telemetry.Level = level);
        using MetricCollector<double> cost = Collect<double>(host, "integration_layer.cost");
        using MetricCollector<long> tokens = Collect<long>(host, "gen_ai.client.token.usage");
        host.Gateway.Failures["small"] = new LlmException("late", LlmErrorClass.Timeout, LlmErrorSource.Provider) { MayBeBilled = true };
        LlmReceipt receipt = (await host.Client.GetResponseAsync("hello")).Receipt;

        Dictionary<object, double> byProvider = cost.GetMeasurementSnapshot().GroupBy(m => m.Tags["gen_ai.provider.name"]!).ToDictionary(g => g.Key, g => g.Sum(m => m.Value));
        Assert.That(receipt.Attempts, Has.Count.EqualTo(2));
        Assert.That(byProvider["openai"], Is.EqualTo((double)receipt.Attempts[0].Cost.Usd).Within(1e-12).And.Positive);
        Assert.That(byProvider["anthropic"], Is.EqualTo((double)receipt.Attempts[1].Cost.Usd).Within(1e-12));
        Assert.That(tokens.GetMeasurementSnapshot().Sum(m => m.Value), Is.EqualTo(30));
    }

    [Test]
    public async Task Ill_deployment_that_is_taken_out_is_no_longer_reported_as_ill()
    {
        bool isThere = true;
        await using var host = new PipelineHost(o =>
        {
            o.Resilience.Health.ConsecutiveFailures = 1;
            if (!isThere)
            {
                o.Deployments.RemoveAt(0);
            }
        });
        using MetricCollector<double> state = Collect<double>(host, "integration_layer.circuit.state");
        host.Gateway.Failures["small"] = new LlmException("503", LlmErrorClass.ProviderUnavailable, LlmErrorSource.Provider);
        await host.Client.GetResponseAsync("hello");
        Assert.That(Latest(), Is.EqualTo(2));

        isThere = false;
        host.Get<ConfigurationSource>().Reload();
        Assert.That(Latest(), Is.Zero);

        double Latest() => state.GetMeasurementSnapshot().Last(m => m.Tags["integration_layer.health.name"] as string == "lab/small").Value;
    }

    [Test]
    public void Names_of_health_keep_within_their_maximum_whatever_their_kinds()
    {
        using var meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var telemetry = new LlmTelemetry(meters.GetRequiredService<IMeterFactory>(), new TelemetryOptions());
        HashSet<(int, string)> series = [];
        for (int i = 0; i < 300; i++)
        {
            for (int kind = 0; kind < telemetry.HealthNames.Length; kind++)
            {
                series.Add((kind, telemetry.HealthNames[kind].Admit($"name-{i}")));
            }
        }

        Assert.That(series, Has.Count.LessThanOrEqualTo(Attributes.HealthName.Maximum));
        Assert.That(telemetry.Targets.Admit(new string('x', 129)), Is.EqualTo(AttributeSpec.Other), "nor is a name of any length kept");
    }

    private static async Task<long> RequestsOnRecordAsync(PipelineHost host)
    {
        DateTimeOffset now = host.Time.GetUtcNow();
        return (await host.Get<IUsageAnalytics>().QueryAsync(new UsageQuery { From = now.AddHours(-1), To = now.AddHours(1) })).Total.Requests;
    }

    private static MetricCollector<T> Collect<T>(PipelineHost host, string instrument)
        where T : struct => new(host.Get<IMeterFactory>(), IntegrationLayerDiagnostics.MeterName, instrument);

    private static ActivityListener Listen(List<Activity> stopped)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == IntegrationLayerDiagnostics.ActivitySourceName || source.Name == "tests.caller",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = stopped.Add,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private sealed class Broken : IRedactorProvider
    {
        public Redactor GetRedactor(DataClassificationSet classifications) => new BrokenRedactor();
    }

    private sealed class BrokenRedactor : Redactor
    {
        public override int GetRedactedLength(ReadOnlySpan<char> input) => throw new InvalidTimeZoneException();

        public override int Redact(ReadOnlySpan<char> source, Span<char> destination) => throw new InvalidTimeZoneException();
    }

    private sealed class BrokenPolicy : ICachePolicy
    {
        public CacheDecision Decide(LlmRequest request) => throw new InvalidTimeZoneException();
    }
}
