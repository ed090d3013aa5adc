using System.Diagnostics;
using IntegrationLayer.Sdk.Telemetry;
using IntegrationLayer.Sdk.Tests.Pipeline;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Tests.Telemetry;

[NonParallelizable]
internal sealed class TraceTests
{
    [Test]
    public async Task Calls_after_a_failure_have_spans_of_their_own()
    {
        using var spans = new SpanList();
        await using var host = new PipelineHost();
        host.Gateway.Failures["small"] = new LlmException("503", LlmErrorClass.ProviderUnavailable, LlmErrorSource.Provider) { StatusCode = 503 };
        LlmReceipt receipt = (await host.Client.GetResponseAsync("hello")).Receipt;
        Activity request = spans.Of(receipt);
        Activity[] calls = [.. spans.All.Where(s => s.ParentSpanId == request.SpanId)];

        Assert.That(calls.Select(s => s.OperationName), Is.EqualTo(receipt.Attempts.Select(a => $"attempt {a.Deployment}")));
        Assert.That(calls[0].Status, Is.EqualTo(ActivityStatusCode.Error));
        Assert.That(calls[0].GetTagItem("error.type"), Is.EqualTo("provider_unavailable"));
        Assert.That(calls[0].GetTagItem("http.response.status_code"), Is.EqualTo(503));
        Assert.That(calls[^1].Status, Is.EqualTo(ActivityStatusCode.Unset));
    }

    [Test]
    public async Task Plain_call_is_told_by_the_requests_span()
    {
        using var spans = new SpanList();
        await using var host = new PipelineHost();
        Activity request = spans.Of((await host.Client.GetResponseAsync("hello")).Receipt);

        Assert.That(spans.All.Where(s => s.ParentSpanId == request.SpanId), Is.Empty);
    }

    [Test]
    public async Task Request_that_shares_a_call_is_linked_to_it()
    {
        using var spans = new SpanList();
        await using var host = new PipelineHost(build: b => b.UseExactMatchCache());
        var called = new TaskCompletionSource();
        var answered = new TaskCompletionSource();
        host.Gateway.OnCall = _ =>
        {
            called.TrySetResult();
            return answered.Task;
        };
        Task<LlmResponse> first = host.Client.GetResponseAsync("hello");
        await called.Task;
        Task<LlmResponse> second = host.Client.GetResponseAsync("hello");
        answered.SetResult();
        Activity leader = spans.Of((await first).Receipt);
        Activity follower = spans.Of((await second).Receipt);

        Assert.That(follower.Links.Select(l => l.Context.SpanId), Is.EqualTo(new[] { leader.SpanId }));
        Assert.That(leader.Links, Is.Empty);
    }

    private sealed class SpanList : IDisposable
    {
        private readonly ActivityListener _listener;
        private readonly List<Activity> _spans = [];

        public SpanList()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = static source => source.Name == IntegrationLayerDiagnostics.ActivitySourceName,
                Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = span =>
                {
                    lock (_spans)
                    {
                        _spans.Add(span);
                    }
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public Activity[] All
        {
            get
            {
                lock (_spans)
                {
                    return [.. _spans];
                }
            }
        }

        public Activity Of(LlmReceipt receipt) => All.Single(s => s.GetTagItem("integration_layer.request.id") as string == receipt.RequestId);

        public void Dispose() => _listener.Dispose();
    }
}
