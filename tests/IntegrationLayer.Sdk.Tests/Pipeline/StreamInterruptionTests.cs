using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Pipeline;

/// <summary>Streams that break off after their first content: what the caller is told and given.</summary>
internal sealed class StreamInterruptionTests
{
    [TestCase(LlmErrorClass.Network, LlmErrorSource.Gateway, LlmInterruptionReason.Reset)]
    [TestCase(LlmErrorClass.StreamTruncated, LlmErrorSource.Gateway, LlmInterruptionReason.Truncated)]
    [TestCase(LlmErrorClass.TooLarge, LlmErrorSource.Sdk, LlmInterruptionReason.Oversize)]
    [TestCase(LlmErrorClass.BadOutput, LlmErrorSource.Provider, LlmInterruptionReason.Malformed)]
    [TestCase(LlmErrorClass.ProviderUnavailable, LlmErrorSource.Provider, LlmInterruptionReason.ProviderError)]
    [TestCase(LlmErrorClass.Timeout, LlmErrorSource.Provider, LlmInterruptionReason.ProviderError)]
    public async Task Exception_says_how_the_stream_broke_off(LlmErrorClass error, LlmErrorSource source, LlmInterruptionReason expected)
    {
        await using var host = new StreamHost();
        host.Small.Write("one").Break(new LlmException("it broke", error, source));

        LlmStreamInterruptedException e = await FailureAsync(host);
        Assert.That((e.ErrorClass, e.Reason, e.PartialText), Is.EqualTo((error, expected, "one")));
    }

    [Test]
    public async Task Exception_carries_everything_that_had_come()
    {
        await using var host = new StreamHost();
        host.Small.Write(new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent("I think, ")]));
        host.Small.Write(new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent("therefore")]));
        host.Small.Write("It is ").Write(new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent("c1", "look")]));
        host.Small.WholeToolCalls.Add(new FunctionCallContent("c2", "see"));
        host.Small.UsageSoFar = new UsageDetails { InputTokenCount = 10 };
        host.Small.Break(new LlmException("reset", LlmErrorClass.Network, LlmErrorSource.Gateway));

        LlmStreamInterruptedException e = await FailureAsync(host);
        Assert.Multiple(() =>
        {
            Assert.That(e.PartialText, Is.EqualTo("It is "));
            Assert.That(e.PartialReasoning, Is.EqualTo("I think, therefore"));
            Assert.That(e.ToolCalls.Select(c => c.CallId), Is.EqualTo(new[] { "c1", "c2" }));
            Assert.That(e.UsageSoFar!.InputTokenCount, Is.EqualTo(10));
            Assert.That(e.Attempts.Single().Error, Is.EqualTo(LlmErrorClass.Network));
            Assert.That(e.Receipt!.Cost.Status, Is.EqualTo(PriceStatus.UpperBound), "what was reported so far is no bill");
            Assert.That(e.MayBeBilled);
        });
    }

    [Test]
    public async Task Failure_before_content_shows_nothing_and_goes_to_the_next()
    {
        await using var host = new StreamHost();
        host.Small.Write(new ChatResponseUpdate(ChatRole.Assistant, "")).Break(new LlmException("overloaded", LlmErrorClass.ProviderUnavailable, LlmErrorSource.Provider));

        List<LlmResponseUpdate> updates = await PipelineHost.ReadAsync(host.Client.GetStreamingResponseAsync("hello"));
        Assert.That(string.Concat(updates.Select(u => u.Text)), Is.EqualTo("large"));
        Assert.That(host.Small.Closed.IsCompleted);
    }

    // What is held back is bounded: a stream that goes on without content is given out as it is.
    [TestCase(64, 0)]
    [TestCase(3, 256 * 1024)]
    public async Task Held_back_updates_are_bounded(int updates, long bytes)
    {
        await using var host = new StreamHost();
        host.Small.Received = bytes;
        for (int i = 0; i < updates; i++)
        {
            host.Small.Write(new ChatResponseUpdate(ChatRole.Assistant, "") { AdditionalProperties = new() { ["citation"] = i } });
        }

        IAsyncEnumerator<LlmResponseUpdate> stream = host.Open();
        Assert.That(await stream.MoveNextAsync());
        Assert.That(stream.Current.Content.AdditionalProperties!["citation"], Is.Zero);
        host.Small.Break(new LlmException("reset", LlmErrorClass.Network, LlmErrorSource.Gateway));
        await Expect.ThrowsAsync<LlmStreamInterruptedException>(() => ReadToEndAsync(stream));
        Assert.That(host.Gateway.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Stream_that_ends_without_an_answer_or_a_reason_goes_to_the_next()
    {
        await using var host = new StreamHost();
        host.Small.Write("").End();

        List<LlmResponseUpdate> updates = await PipelineHost.ReadAsync(host.Client.GetStreamingResponseAsync("hello"));

        Assert.That(string.Concat(updates.Select(u => u.Text)), Is.EqualTo("large"));
        Assert.That(updates[^1].Receipt!.Attempts[0].Error, Is.EqualTo(LlmErrorClass.BadOutput));
    }

    [Test]
    public async Task Fewer_are_held_back_until_content_comes()
    {
        await using var host = new StreamHost();
        for (int i = 0; i < 63; i++)
        {
            host.Small.Write(new ChatResponseUpdate(ChatRole.Assistant, ""));
        }

        IAsyncEnumerator<LlmResponseUpdate> stream = host.Open();
        ValueTask<bool> first = stream.MoveNextAsync();
        Assert.That(first.IsCompleted, Is.False);
        host.Small.Write("content").Finish().End();
        Assert.That(await first);
        await ReadToEndAsync(stream);
    }

    [Test]
    public async Task Callers_cancellation_is_never_an_interruption()
    {
        await using var host = new StreamHost();
        using var caller = new CancellationTokenSource();
        host.Small.Write("one");
        IAsyncEnumerator<LlmResponseUpdate> stream = host.Open(cancellationToken: caller.Token);
        await stream.MoveNextAsync();
        ValueTask<bool> next = stream.MoveNextAsync();
        await caller.CancelAsync();

        await Assert.CatchAsync<OperationCanceledException>(() => next.AsTask());
        Assert.That(host.Small.Closed.IsCompleted);
        Assert.That(host.Ledger.Settled.Single().Usd, Is.EqualTo(host.Ledger.Asked.First()[0]));
    }

    private static async Task<LlmStreamInterruptedException> FailureAsync(StreamHost host) =>
        await Expect.ThrowsAsync<LlmStreamInterruptedException>(() => ReadToEndAsync(host.Open()));

    private static async Task ReadToEndAsync(IAsyncEnumerator<LlmResponseUpdate> stream)
    {
        while (await stream.MoveNextAsync())
        {
        }
    }
}
