using System.Diagnostics.Metrics;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Telemetry;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace IntegrationLayer.Sdk.Tests.Pipeline;

/// <summary>Streams that break off and are continued by a further call, when the request asks for it.</summary>
internal sealed class StreamContinuationTests
{
    private static readonly LlmException Reset = new("reset", LlmErrorClass.Network, LlmErrorSource.Gateway) { MayBeBilled = true };
    private static readonly LlmRequest Request = new("hello") { ContinueBrokenStream = true };

    [Test]
    public async Task Broken_stream_is_continued_by_the_same_model_and_the_update_and_the_receipt_say_so()
    {
        await using StreamHost host = Host(new ScriptedStream().Write("One two ").Break(Reset), new ScriptedStream().Write(" three").Finish().End());
        List<LlmResponseUpdate> updates = await PipelineHost.ReadAsync(host.Client.GetStreamingResponseAsync(Request));

        Assert.That(string.Concat(updates.Select(u => u.Text)), Is.EqualTo("One two three"), "the space that both wrote is given out once");
        Assert.That(updates.Select(u => u.ContinuedBy).Where(d => d is not null), Is.EqualTo(new[] { "lab/small" }));
        Assert.That(updates.FindIndex(u => u.ContinuedBy is not null), Is.EqualTo(1), "between what one wrote and what the other did");
        LlmReceipt receipt = updates[^1].Receipt!;
        Assert.Multiple(() =>
        {
            Assert.That(receipt.Continuations, Is.EqualTo(1));
            Assert.That(receipt.Attempts.Select(a => (a.Deployment, a.Error)), Is.EqualTo(new[] { ("lab/small", LlmErrorClass.Network), ("lab/small", LlmErrorClass.None) }));
            Assert.That(receipt.Cost.Usd, Is.EqualTo(receipt.Attempts.Sum(a => a.Cost.Usd)), "both are paid for");
            Assert.That(host.Ledger.Settled, Has.Count.EqualTo(2), "each with a reservation of its own");
        });
        ChatMessage last = host.Gateway.Calls[1].Messages[^1];
        Assert.That((last.Role, last.Text), Is.EqualTo((ChatRole.Assistant, "One two")), "no provider takes a beginning that ends in white space");
        Assert.That(host.Gateway.Calls[0].Messages, Has.Count.EqualTo(1), "the caller's own messages are as they were");
    }

    [Test]
    public async Task Break_that_is_continued_is_counted_as_one_and_the_request_once()
    {
        await using StreamHost host = Host(new ScriptedStream().Write("One ").Break(Reset), new ScriptedStream().Write("two").Finish().End());
        using MetricCollector<long> interruptions = new(host.Get<IMeterFactory>(), IntegrationLayerDiagnostics.MeterName, "integration_layer.stream.interruptions");
        using MetricCollector<long> requests = new(host.Get<IMeterFactory>(), IntegrationLayerDiagnostics.MeterName, "integration_layer.llm.requests");
        await PipelineHost.ReadAsync(host.Client.GetStreamingResponseAsync(Request));

        Assert.That(interruptions.GetMeasurementSnapshot().Select(m => m.Tags["integration_layer.reason"]), Is.EqualTo(new[] { "network" }));
        Assert.That(requests.GetMeasurementSnapshot().Select(m => m.Tags["integration_layer.outcome"]), Is.EqualTo(new[] { "success" }));
    }

    [Test]
    public async Task Continued_stream_may_break_again_until_the_attempts_are_used_up()
    {
        await using StreamHost host = Host(
            new ScriptedStream().Write("one ").Break(Reset), new ScriptedStream().Write("two ").Break(Reset), new ScriptedStream().Write("three ").Break(Reset), new ScriptedStream().Write("four").Finish().End());
        LlmStreamInterruptedException e = await Expect.ThrowsAsync<LlmStreamInterruptedException>(() => PipelineHost.ReadAsync(host.Client.GetStreamingResponseAsync(Request)));

        Assert.That(host.Gateway.Calls, Has.Count.EqualTo(3), "MaxAttempts of the host");
        Assert.That(e.PartialText, Is.EqualTo("one two three "), "all that was given out");
        Assert.That(e.Attempts, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Continuation_that_fails_reports_the_broken_stream_with_all_attempts()
    {
        await using StreamHost host = Host(new ScriptedStream().Write("one ").Break(Reset));
        LlmStreamInterruptedException e = await Expect.ThrowsAsync<LlmStreamInterruptedException>(() => PipelineHost.ReadAsync(host.Client.GetStreamingResponseAsync(Request)));

        Assert.That((e.ErrorClass, e.PartialText), Is.EqualTo((LlmErrorClass.Network, "one ")));
        Assert.That(e.Receipt!.Attempts.Select(a => a.Error), Is.EqualTo(new[] { LlmErrorClass.Network, LlmErrorClass.InvalidRequest }));
    }

    [Test]
    public async Task Cap_of_the_answer_is_what_is_left_of_it()
    {
        await using StreamHost host = Host(new ScriptedStream().Write(new string('a', 400)).Break(Reset), new ScriptedStream().Write("b").Finish().End());
        await PipelineHost.ReadAsync(host.Client.GetStreamingResponseAsync(Request with { Options = new ChatOptions { MaxOutputTokens = 1_000 } }));
        Assert.That(host.Gateway.Calls.Select(c => c.Options!.MaxOutputTokens), Is.EqualTo(new int?[] { 1_000, 900 }));
    }

    [Test]
    public async Task Consumer_that_leaves_where_the_answer_goes_on_closes_and_pays_both_streams()
    {
        ScriptedStream second = new ScriptedStream().Write("three").Finish().End();
        await using StreamHost host = Host(new ScriptedStream().Write("One two").Break(Reset), second);
        await foreach (LlmResponseUpdate update in host.Client.GetStreamingResponseAsync(Request))
        {
            if (update.ContinuedBy is not null)
            {
                break;
            }
        }

        await second.Closed;
        Assert.That(host.Ledger.Settled, Has.Count.EqualTo(2));
    }

    // Everything else is as in the first test, which is the control.
    [TestCase("not asked for")]
    [TestCase("side effects")]
    [TestCase("no prefill")]
    [TestCase("whole tool call")]
    [TestCase("open tool call")]
    [TestCase("nothing but white space")]
    [TestCase("refusal")]
    [TestCase("no money left")]
    public async Task Stream_is_not_continued_when(string why)
    {
        ScriptedStream first = new() { HasOpenCall = why == "open tool call" };
        first.Write(why == "nothing but white space" ? "  " : "One two");
        if (why == "whole tool call")
        {
            first.Write(new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent("c1", "look")]));
        }

        first.Break(why == "refusal" ? new LlmException("no", LlmErrorClass.ContentPolicy, LlmErrorSource.Provider) : Reset);
        LlmRequest request = Request with
        {
            ContinueBrokenStream = why != "not asked for",
            HasSideEffects = why == "side effects",
            Requirements = new ModelRequirements { MaxCost = why == "no money left" ? 0.003m : null },
        };
        await using StreamHost host = Host(why != "no prefill", first, new ScriptedStream().Write("three").Finish().End());
        LlmStreamInterruptedException e = await Expect.ThrowsAsync<LlmStreamInterruptedException>(() => PipelineHost.ReadAsync(host.Client.GetStreamingResponseAsync(request)));

        Assert.That(e.Attempts, Has.Count.EqualTo(1));
        Assert.That(host.Gateway.Calls, Has.Count.EqualTo(1));
    }

    private static StreamHost Host(params ScriptedStream[] streams) => Host(hasPrefill: true, streams);

    private static StreamHost Host(bool hasPrefill, params ScriptedStream[] streams)
    {
        var host = new StreamHost(options =>
        {
            options.Deployments[0].Capabilities |= hasPrefill ? ModelCapabilities.Prefill : ModelCapabilities.None;
            options.Deployments[1].Capabilities |= ModelCapabilities.Prefill;
        });
        var left = new Queue<ScriptedStream>(streams);
        host.Gateway.OnOpen = (_, _) => left.TryDequeue(out ScriptedStream? next)
            ? Task.FromResult(next)
            : Task.FromException<ScriptedStream>(new LlmException("no prefill", LlmErrorClass.InvalidRequest, LlmErrorSource.Provider) { StatusCode = 400 });
        return host;
    }
}
