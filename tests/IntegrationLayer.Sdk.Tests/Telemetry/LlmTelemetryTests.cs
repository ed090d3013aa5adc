using System.Diagnostics;
using System.Diagnostics.Metrics;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Telemetry;
using IntegrationLayer.Sdk.Tests.Pipeline;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace IntegrationLayer.Sdk.Tests.Telemetry;

[NonParallelizable]
internal sealed class LlmTelemetryTests
{
    [Test]
    public async Task Answer_is_measured_under_the_conventions_names_and_the_SDKs_own()
    {
        await using var host = new PipelineHost();
        using MetricCollector<double> duration = Collect<double>(host, "gen_ai.client.operation.duration");
        using MetricCollector<long> tokens = Collect<long>(host, "gen_ai.client.token.usage");
        using MetricCollector<double> cost = Collect<double>(host, "integration_layer.cost");
        using MetricCollector<long> requests = Collect<long>(host, "integration_layer.llm.requests");
        host.Gateway.OnCall = _ =>
        {
            host.Time.Advance(TimeSpan.FromMilliseconds(250));
            return Task.CompletedTask;
        };
        await host.Client.GetResponseAsync(new LlmRequest("hello") { Context = new LlmRequestContext { Operation = "greet", TenantId = "acme", UserId = "u1" } });

        CollectedMeasurement<double> measured = duration.LastMeasurement!;
        Assert.That(measured.Value, Is.EqualTo(0.25));
        Assert.That(measured.Tags, Is.EquivalentTo(new Dictionary<string, object?>
        {
            ["gen_ai.operation.name"] = "chat",
            ["gen_ai.provider.name"] = "openai",
            ["gen_ai.request.model"] = "small",
        }), "neither tenant nor user is a dimension");
        Assert.That(tokens.GetMeasurementSnapshot().Select(m => (m.Tags["gen_ai.token.type"], m.Value)), Is.EqualTo(new (object?, long)[] { ("input", 10), ("output", 20) }));
        Assert.That(cost.LastMeasurement!.Value, Is.EqualTo(0.00003));
        Assert.That(requests.LastMeasurement!.Tags["integration_layer.outcome"], Is.EqualTo("success"));
        Assert.That(requests.LastMeasurement.Tags["integration_layer.operation"], Is.EqualTo("greet"));
    }

    [Test]
    public async Task Stream_is_measured_to_its_first_content()
    {
        await using var host = new PipelineHost();
        using MetricCollector<double> first = Collect<double>(host, "gen_ai.client.operation.time_to_first_chunk");
        host.Gateway.OnCall = _ =>
        {
            host.Time.Advance(TimeSpan.FromMilliseconds(80));
            return Task.CompletedTask;
        };
        await PipelineHost.ReadAsync(host.Client.GetStreamingResponseAsync("hello"));

        Assert.That(first.LastMeasurement!.Value, Is.EqualTo(0.08));
    }

    private static IEnumerable<TestCaseData> Endings()
    {
        yield return new TestCaseData("small", "error", "provider_unavailable") { TestName = "Ending_is_an_outcome(failure)" };
        yield return new TestCaseData("nobody", "denied", "no_eligible_model") { TestName = "Ending_is_an_outcome(no model)" };
        yield return new TestCaseData("poor", "denied", "budget_exceeded") { TestName = "Ending_is_an_outcome(budget)" };
        yield return new TestCaseData("cancel", "cancelled", "cancelled") { TestName = "Ending_is_an_outcome(cancelled)" };
        yield return new TestCaseData("bug", "error", "internal") { TestName = "Ending_is_an_outcome(unexpected)" };
    }

    [TestCaseSource(nameof(Endings))]
    public async Task Ending_is_an_outcome(string ending, string outcome, string errorType)
    {
        await using var host = new PipelineHost(o => o.MaxAttempts = 1, b => b.UseBudgetPolicy(new PipelineHost.FlatPolicy(ending == "poor" ? 0.0001m : 100)));
        using MetricCollector<long> requests = Collect<long>(host, "integration_layer.llm.requests");
        using var cancel = new CancellationTokenSource();
        host.Gateway.OnCall = _ => ending == "cancel" ? cancel.CancelAsync() : Task.CompletedTask;
        host.Gateway.Failures["small"] = ending == "bug" ? new ArgumentException("x") : new LlmException("503", LlmErrorClass.ProviderUnavailable, LlmErrorSource.Provider);
        var request = new LlmRequest("hello") { Options = new ChatOptions { ModelId = ending == "nobody" ? "nobody" : "small" } };
        await Assert.CatchAsync(() => host.Client.GetResponseAsync(request, cancel.Token));

        Assert.That(requests.LastMeasurement!.Tags["integration_layer.outcome"], Is.EqualTo(outcome));
        Assert.That(requests.LastMeasurement.Tags["error.type"], Is.EqualTo(errorType));
    }

    [Test]
    public async Task Hit_is_an_outcome_and_calls_nobody()
    {
        await using var host = new PipelineHost(build: b => b.UseExactMatchCache());
        await host.Client.GetResponseAsync("hello");
        using MetricCollector<long> requests = Collect<long>(host, "integration_layer.llm.requests");
        using MetricCollector<double> duration = Collect<double>(host, "gen_ai.client.operation.duration");
        await host.Client.GetResponseAsync("hello");

        Assert.That(requests.LastMeasurement!.Tags["integration_layer.outcome"], Is.EqualTo("cached"));
        Assert.That(duration.LastMeasurement, Is.Null);
    }

    [Test]
    public async Task Settlement_that_fails_is_counted()
    {
        await using var host = new PipelineHost(build: b =>
        {
            b.UseBudgetPolicy(new PipelineHost.FlatPolicy(100));
            b.Services.AddSingleton<Sdk.Budgets.IBudgetLedger>(new SpyLedger { FailSettle = new InvalidOperationException("down") });
        });
        using MetricCollector<long> failures = Collect<long>(host, "integration_layer.settle.failures");
        await host.Client.GetResponseAsync("hello");

        Assert.That(failures.LastMeasurement!.Value, Is.EqualTo(1));
    }

    [Test]
    public async Task Span_describes_the_request([Values] bool fails)
    {
        Activity? span = null;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == IntegrationLayerDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => span = activity.OperationName == "chat small" ? activity : span,
        };
        ActivitySource.AddActivityListener(listener);
        await using var host = new PipelineHost();
        if (fails)
        {
            host.Gateway.Failures["small"] = new LlmException("x", LlmErrorClass.InvalidRequest, LlmErrorSource.Provider);
        }

        var request = new LlmRequest("hello") { Options = new ChatOptions { ModelId = "small" } };
        LlmReceipt? receipt = null;
        try
        {
            receipt = (await host.Client.GetResponseAsync(request)).Receipt;
        }
        catch (LlmException e)
        {
            Assert.That(e.ErrorClass, Is.EqualTo(LlmErrorClass.InvalidRequest));
        }

        Assert.That(span!.Kind, Is.EqualTo(ActivityKind.Client));
        Assert.That(span.Status, Is.EqualTo(fails ? ActivityStatusCode.Error : ActivityStatusCode.Unset));
        Assert.That(span.GetTagItem("error.type"), Is.EqualTo(fails ? "invalid_request" : null));
        Assert.That(span.GetTagItem("gen_ai.response.model"), Is.EqualTo(fails ? null : "small-served"));
        if (receipt is not null)
        {
            Assert.That(receipt.TraceId, Is.EqualTo(span.TraceId.ToHexString()));
            Assert.That(span.GetTagItem("gen_ai.usage.output_tokens"), Is.EqualTo(20));
        }
    }

    [Test]
    public void Every_class_of_error_has_a_name()
    {
        Assert.That(Enum.GetValues<LlmErrorClass>().Select(LlmErrorTypes.NameOf), Is.Unique.And.All.Match("^[a-z]+(_[a-z]+)*$"));
        Assert.That(LlmErrorTypes.NameOf(LlmErrorClass.RateLimited), Is.EqualTo("rate_limited"));
    }

    private static MetricCollector<T> Collect<T>(PipelineHost host, string instrument)
        where T : struct => new(host.Get<IMeterFactory>(), IntegrationLayerDiagnostics.MeterName, instrument);
}
