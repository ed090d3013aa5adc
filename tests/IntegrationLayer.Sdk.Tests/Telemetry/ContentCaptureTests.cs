using System.Diagnostics;
using IntegrationLayer.Sdk.Telemetry;
using IntegrationLayer.Sdk.Tests.Pipeline;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Compliance.Classification;
using Microsoft.Extensions.Compliance.Redaction;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Tests.Telemetry;

[NonParallelizable]
internal sealed class ContentCaptureTests
{
    [Test]
    public async Task Content_is_captured_only_when_asked_for([Values] bool isStreamed, [Values] bool captures)
    {
        Activity span = await AskAsync(isStreamed, captures, build: null);

        Assert.That(span.GetTagItem("gen_ai.input.messages") as string, captures ? Does.Contain("my secret plan") : Is.Null);
        Assert.That(span.GetTagItem("gen_ai.output.messages") as string, captures ? Does.Contain("\"role\":\"assistant\"").And.Contain("finish_reason") : Is.Null);
        Assert.That(span.GetTagItem("gen_ai.system_instructions") as string, captures ? Does.Contain("be brief") : Is.Null);
    }

    [Test]
    public async Task Redactor_of_the_application_decides_what_is_seen()
    {
        Activity span = await AskAsync(isStreamed: false, captures: true, b => b.Services.AddSingleton<IRedactorProvider>(new Stars()));

        Assert.That(span.GetTagItem("gen_ai.input.messages") as string, Does.Contain("*** (Content)").And.Not.Contain("secret"));
    }

    private static async Task<Activity> AskAsync(bool isStreamed, bool captures, Action<IIntegrationLayerBuilder>? build)
    {
        Activity? span = null;
        await using var host = new PipelineHost(o => o.Telemetry.CaptureContent = captures, build);
        var request = new LlmRequest("my secret plan") { Options = new ChatOptions { ModelId = "small", Instructions = "be brief" }, Context = new LlmRequestContext { TraceId = Guid.NewGuid().ToString("N") } };
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == IntegrationLayerDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => span = activity.OperationName == "chat small" ? activity : span,
        };
        ActivitySource.AddActivityListener(listener);
        if (isStreamed)
        {
            await PipelineHost.ReadAsync(host.Client.GetStreamingResponseAsync(request));
        }
        else
        {
            await host.Client.GetResponseAsync(request);
        }

        return span!;
    }

    private sealed class Stars : IRedactorProvider
    {
        public Redactor GetRedactor(DataClassificationSet classifications) => new StarRedactor(classifications.Equals(new DataClassificationSet(IntegrationLayerDiagnostics.ContentClassification)) ? "Content" : "?");
    }

    private sealed class StarRedactor(string name) : Redactor
    {
        private string Text => $"*** ({name})";

        public override int GetRedactedLength(ReadOnlySpan<char> input) => Text.Length;

        public override int Redact(ReadOnlySpan<char> source, Span<char> destination)
        {
            Text.CopyTo(destination);
            return Text.Length;
        }
    }
}
