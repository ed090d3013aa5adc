using System.Diagnostics.Metrics;
using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Pipeline;

/// <summary>How long streams may take over what. A move is asked for before the clock goes on, so that nothing depends on who is faster.</summary>
internal sealed class StreamTimingTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public async Task Stream_that_shows_no_content_in_time_is_replaced_unnoticed([Values] bool hasSignsOfLife)
    {
        await using var host = new StreamHost();
        IAsyncEnumerator<LlmResponseUpdate> stream = host.Open();
        ValueTask<bool> first = stream.MoveNextAsync();
        for (int i = 0; i < 30; i++)
        {
            if (hasSignsOfLife)
            {
                host.Small.Write(new ChatResponseUpdate(ChatRole.Assistant, ""));
            }

            Assert.That(first.IsCompleted, Is.False, $"after {i} seconds");
            host.Time.Advance(Second);
        }

        Assert.That(await first);
        Assert.That(stream.Current.Text, Is.EqualTo("large"));
        LlmReceipt receipt = await ReadReceiptAsync(stream);
        Assert.That(receipt.Attempts.Select(a => (a.Deployment, a.Error)), Is.EqualTo(new[] { ("lab/small", LlmErrorClass.FirstTokenTimeout), ("other/large", LlmErrorClass.None) }));
        Assert.That(receipt.Attempts[0].Cost.Status, Is.EqualTo(PriceStatus.UpperBound), "the provider may be writing still");
        Assert.That(host.Small.Closed.IsCompleted);
    }

    [Test]
    public async Task Stream_that_is_not_opened_in_time_is_replaced()
    {
        await using var host = new StreamHost(o => o.Resilience.Timeouts.Attempt = 5 * Second);
        host.Gateway.OnOpen = (call, token) => call.Deployment.Name == "lab/small" ? ScriptedGateway.Hang<ScriptedStream>(token) : Task.FromResult(host.Large);
        IAsyncEnumerator<LlmResponseUpdate> stream = host.Open();
        ValueTask<bool> first = stream.MoveNextAsync();
        host.Time.Advance(5 * Second);

        Assert.That(await first);
        Assert.That((await ReadReceiptAsync(stream)).Attempts[0].Error, Is.EqualTo(LlmErrorClass.Timeout));
    }

    [Test]
    public async Task Last_deployment_has_until_the_deadline()
    {
        await using var host = new StreamHost(o => o.MaxAttempts = 1);
        IAsyncEnumerator<LlmResponseUpdate> stream = host.Open();
        ValueTask<bool> first = stream.MoveNextAsync();
        host.Time.Advance(119 * Second);
        Assert.That(first.IsCompleted, Is.False);
        host.Small.Write("late").Finish().End();

        Assert.That(await first);
        Assert.That((await ReadReceiptAsync(stream)).Attempts.Single().Error, Is.EqualTo(LlmErrorClass.None));
    }

    [TestCase(120, null)]
    [TestCase(7, 7)]
    public async Task Models_that_reason_and_deployments_have_times_of_their_own(int expected, int? configured)
    {
        await using var host = new StreamHost(o =>
        {
            o.Timeout = TimeSpan.FromMinutes(10);
            o.Deployments[0].Capabilities |= ModelCapabilities.Reasoning;
            o.Deployments[0].FirstTokenTimeout = configured * Second;
        });
        IAsyncEnumerator<LlmResponseUpdate> stream = host.Open();
        ValueTask<bool> first = stream.MoveNextAsync();
        host.Time.Advance((expected * Second) - TimeSpan.FromMilliseconds(1));
        Assert.That(host.Gateway.Called, Is.EqualTo(new[] { "lab/small" }));
        host.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(await first);
        Assert.That(host.Gateway.Called, Is.EqualTo(new[] { "lab/small", "other/large" }));
        await stream.DisposeAsync();
    }

    [Test]
    public async Task Pieces_of_a_tool_call_count_as_content_but_show_nothing()
    {
        await using var host = new StreamHost();
        IAsyncEnumerator<LlmResponseUpdate> stream = host.Open();
        ValueTask<bool> first = stream.MoveNextAsync();
        for (int i = 0; i < 5; i++)
        {
            host.Small.WriteHidden();
            host.Time.Advance(19 * Second);
        }

        Assert.That(first.IsCompleted, Is.False);
        Assert.That(host.Gateway.Calls, Has.Count.EqualTo(1));
        host.Time.Advance(Second);
        Assert.That(await first);
        Assert.That((await ReadReceiptAsync(stream)).Attempts[0].Error, Is.EqualTo(LlmErrorClass.StreamStalled), "nothing was shown, so the other one could still be called");
    }

    [Test]
    public async Task Stream_that_falls_silent_is_interrupted_and_charged([Values] bool hasSignsOfLife)
    {
        await using var host = new StreamHost();
        host.Small.Write("one ").Write("two ");
        IAsyncEnumerator<LlmResponseUpdate> stream = host.Open();
        await stream.MoveNextAsync();
        await stream.MoveNextAsync();
        ValueTask<bool> third = stream.MoveNextAsync();
        host.Time.Advance(10 * Second);
        if (hasSignsOfLife)
        {
            host.Small.Write(new ChatResponseUpdate(ChatRole.Assistant, ""));
            Assert.That(await third, "an empty piece is given out, but is no content");
            third = stream.MoveNextAsync();
        }

        host.Time.Advance(10 * Second);
        LlmStreamInterruptedException e = await Expect.ThrowsAsync<LlmStreamInterruptedException>(() => third.AsTask());

        Assert.Multiple(() =>
        {
            Assert.That((e.ErrorClass, e.Reason), Is.EqualTo((LlmErrorClass.StreamStalled, LlmInterruptionReason.Stalled)));
            Assert.That(e.PartialText, Is.EqualTo("one two "));
            Assert.That(e.Message, Does.Contain("00:00:20").And.Contain("Resilience:Timeouts:Stall"));
            Assert.That(e.Receipt!.Cost.Status, Is.EqualTo(PriceStatus.UpperBound));
            Assert.That(e.Receipt.Attempts, Is.EqualTo(e.Attempts));
            Assert.That(host.Ledger.Settled.Single().Usd, Is.EqualTo(e.Receipt.Cost.Usd));
            Assert.That(host.Small.Closed.IsCompleted);
            Assert.That(host.Gateway.Calls, Has.Count.EqualTo(1), "never another model after content");
        });
    }

    [Test]
    [Property("FaultMatrix", "51")]
    public async Task Time_that_the_consumer_takes_doesnt_count_as_silence()
    {
        await using var host = new StreamHost();
        host.Small.Write("one ");
        IAsyncEnumerator<LlmResponseUpdate> stream = host.Open();
        await stream.MoveNextAsync();
        host.Time.Advance(60 * Second);
        ValueTask<bool> second = stream.MoveNextAsync();
        host.Time.Advance(19 * Second);
        Assert.That(second.IsCompleted, Is.False);
        host.Small.Write("two").Finish().End();

        Assert.That(await second);
        Assert.That((await ReadReceiptAsync(stream)).Attempts.Single().Error, Is.EqualTo(LlmErrorClass.None));
    }

    [Test]
    public async Task Deadline_ends_a_stream_whatever_comes()
    {
        await using var host = new StreamHost(o => o.Timeout = 30 * Second);
        host.Small.Write("one ");
        IAsyncEnumerator<LlmResponseUpdate> stream = host.Open();
        await stream.MoveNextAsync();
        host.Time.Advance(15 * Second);
        host.Small.Write("two ");
        await stream.MoveNextAsync();
        ValueTask<bool> third = stream.MoveNextAsync();
        host.Time.Advance(15 * Second);

        LlmStreamInterruptedException e = await Expect.ThrowsAsync<LlmStreamInterruptedException>(() => third.AsTask());
        Assert.That((e.ErrorClass, e.Reason, e.PartialText), Is.EqualTo((LlmErrorClass.Timeout, LlmInterruptionReason.Deadline, "one two ")));
    }

    [Test]
    public async Task Silence_after_the_finish_reason_loses_the_usage_but_not_the_answer()
    {
        await using var host = new StreamHost();
        host.Small.Write("all").Finish();
        IAsyncEnumerator<LlmResponseUpdate> stream = host.Open();
        await stream.MoveNextAsync();
        await stream.MoveNextAsync();
        ValueTask<bool> last = stream.MoveNextAsync();
        host.Time.Advance(20 * Second);

        Assert.That(await last);
        Assert.That(stream.Current.Receipt!.Attempts.Single().Error, Is.EqualTo(LlmErrorClass.None));
        Assert.That(stream.Current.Receipt.Cost.Status, Is.EqualTo(PriceStatus.UpperBound));
    }

    [TestCase(120, 300, LlmErrorClass.Timeout)]
    [TestCase(600, 300, LlmErrorClass.Cancelled)]
    [Property("FaultMatrix", "50")]
    public async Task Stream_that_nobody_reads_on_is_closed_charged_and_counted(int timeout, int consumer, LlmErrorClass expected)
    {
        await using var host = new StreamHost(o => o.Timeout = timeout * Second);
        using var abandoned = new Counted(host.Get<IMeterFactory>(), "integration_layer.streams.abandoned");
        host.Small.Write("one ");
        IAsyncEnumerator<LlmResponseUpdate> stream = host.Open();
        await stream.MoveNextAsync();
        for (TimeSpan passed = TimeSpan.Zero; passed < Math.Min(timeout, consumer) * Second; passed += Second)
        {
            Assert.That(host.Small.Closed.IsCompleted, Is.False, $"after {passed}");
            host.Time.Advance(Second);
        }

        // The timer looks every 20 seconds whether somebody has come.
        host.Time.Advance(20 * Second);
        await host.Small.Closed;
        await abandoned.Reached;
        Assert.That(host.Ledger.Settled.Single().Usd, Is.EqualTo(host.Ledger.Asked.First()[0]));

        LlmStreamInterruptedException e = await Expect.ThrowsAsync<LlmStreamInterruptedException>(() => stream.MoveNextAsync().AsTask());
        Assert.That((e.ErrorClass, e.PartialText), Is.EqualTo((expected, "one ")));
        Assert.That(host.Ledger.Settled, Has.Count.EqualTo(1), "charged once");
    }

    [Test]
    public async Task Slow_start_is_left_for_another_deployment_if_a_speed_is_asked_for()
    {
        await using var host = new StreamHost(o => o.Resilience.Timeouts.MinCharactersPerSecond = 10);
        host.Small.Write("slow");
        IAsyncEnumerator<LlmResponseUpdate> stream = host.Open();
        ValueTask<bool> first = stream.MoveNextAsync();
        host.Time.Advance(5 * Second);

        Assert.That(await first);
        Assert.That(stream.Current.Text, Is.EqualTo("large"), "the last one may be as slow as it likes");
        Assert.That((await ReadReceiptAsync(stream)).Attempts[0].Error, Is.EqualTo(LlmErrorClass.StreamStalled));
    }

    [Test]
    public async Task Start_that_is_fast_enough_is_given_out_at_once()
    {
        await using var host = new StreamHost(o => o.Resilience.Timeouts.MinCharactersPerSecond = 10);
        host.Small.Write(new string('x', 30)).Write(new string('y', 20));
        IAsyncEnumerator<LlmResponseUpdate> stream = host.Open();

        Assert.That(await stream.MoveNextAsync());
        Assert.That(stream.Current.Text, Has.Length.EqualTo(30));
        host.Small.Finish().End();
        Assert.That((await ReadReceiptAsync(stream)).Deployment, Is.EqualTo("lab/small"));
    }

    [Test]
    public async Task Deadline_begins_with_the_request_not_with_the_call()
    {
        await using var host = new StreamHost(o => o.Timeout = 30 * Second);
        host.Ledger.OnReserve = _ =>
        {
            host.Time.Advance(12 * Second);
            return Task.CompletedTask;
        };
        host.Small.Write("one").Finish().End();
        IAsyncEnumerator<LlmResponseUpdate> stream = host.Open();
        await stream.MoveNextAsync();

        Assert.That(host.Gateway.Calls[0].Envelope.Remaining, Is.EqualTo(18 * Second), "what the gateway is told");
        await stream.DisposeAsync();
    }

    private static async Task<LlmReceipt> ReadReceiptAsync(IAsyncEnumerator<LlmResponseUpdate> stream)
    {
        while (await stream.MoveNextAsync())
        {
            if (stream.Current.Receipt is { } receipt)
            {
                await stream.DisposeAsync();
                return receipt;
            }
        }

        throw new AssertionException("There was no receipt.");
    }
}
