using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Resilience;
using IntegrationLayer.Sdk.Tests.Pipeline;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Resilience;

internal sealed class PooledStreamTests
{
    [Test]
    public void Everything_that_a_stream_tells_is_told_through_the_pool()
    {
        var inner = new ScriptedStream { HasOpenCall = true, Received = 42, UsageSoFar = new UsageDetails { InputTokenCount = 3 } };
        inner.WholeToolCalls.Add(new FunctionCallContent("c1", "look"));
        GatewayStream pooled = new PooledStream(inner, default, isOnly: false);
        using var timer = new CallTimer(Deadline.Of(LlmRequestContext.Default, TimeSpan.FromMinutes(1), TimeProvider.System, TimeProvider.System.GetTimestamp(), CancellationToken.None));
        pooled.Timer = timer;

        Assert.Multiple(() =>
        {
            Assert.That(pooled.HasOpenToolCall);
            Assert.That(pooled.BytesReceived, Is.EqualTo(42));
            Assert.That(pooled.Usage!.InputTokenCount, Is.EqualTo(3));
            Assert.That(pooled.TakeWholeToolCalls(), Has.Count.EqualTo(1));
            Assert.That(inner.Timer, Is.SameAs(timer), "or else what a model writes of a tool call is taken for silence");
        });
    }

    [Test]
    public void Nothing_that_a_stream_tells_is_left_out()
    {
        string[] passedOn = [.. typeof(PooledStream).GetMembers().Where(m => m.DeclaringType == typeof(PooledStream)).Select(m => m.Name)];
        Assert.That(typeof(GatewayStream).GetProperties().Select(p => p.Name).Except(passedOn), Is.Empty);
    }
}
