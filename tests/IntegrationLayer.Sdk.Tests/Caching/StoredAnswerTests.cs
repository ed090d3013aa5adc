using System.Text.Json;
using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.TestSupport.Caching;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Caching;

internal sealed class StoredAnswerTests
{
    [Test]
    public void Texts_come_back_with_everything_around_them()
    {
        ChatResponse answer = Answer(new TextContent("one"), new TextContent("two"), new TextContent("three"));
        answer.AdditionalProperties = new() { ["fingerprint"] = "fp", ["count"] = 3L };
        answer.Messages[0].AdditionalProperties = new() { ["flag"] = true };
        IStoredAnswer stored = StoredAnswer.Of(answer);
        ChatResponse restored = stored.Restore();

        Assert.That(stored, Is.InstanceOf<TextAnswer>());
        Assert.That(restored.Messages[0].Contents.Select(c => ((TextContent)c).Text), Is.EqualTo(new[] { "one", "two", "three" }));
        Assert.That(restored.Messages[0].Role, Is.EqualTo(ChatRole.Assistant));
        Assert.That(restored.Messages[0].MessageId, Is.EqualTo("m"));
        Assert.That(restored.Messages[0].AdditionalProperties!["flag"], Is.True);
        Assert.That(restored.AdditionalProperties!["fingerprint"], Is.EqualTo("fp"));
        Assert.That(restored.AdditionalProperties["count"], Is.EqualTo(3L));
        Assert.That((restored.ResponseId, restored.ModelId, restored.FinishReason), Is.EqualTo(("r", "model", (ChatFinishReason?)ChatFinishReason.Stop)));
        Assert.That(restored.Usage, Is.Null);
        Assert.That(stored.Size, Is.GreaterThan(2 * "onetwothree".Length));
    }

    [Test]
    public void Answer_that_is_more_than_texts_is_serialised([Range(0, 3)] int difference)
    {
        ChatResponse answer = Answer(new TextContent("one"));
        switch (difference)
        {
            case 0:
                answer.Messages[0].Contents.Add(new FunctionCallContent("c", "f"));
                break;
            case 1:
                answer.Messages.Add(new ChatMessage(ChatRole.Assistant, "another"));
                break;
            case 2:
                answer.AdditionalProperties = new() { ["list"] = new List<string> { "a" } };
                break;
            default:
                answer.Messages[0].Contents.Clear();
                break;
        }

        IStoredAnswer stored = StoredAnswer.Of(answer);
        Assert.That(stored, Is.InstanceOf<UpdatesAnswer>());
        Assert.That(stored.Restore().Text, Is.EqualTo(answer.Text));
        Assert.That(stored.Restore().Usage, Is.Null);
    }

    /// <summary>Whatever an answer is made of, what is replayed comes to the same as what was streamed.</summary>
    [FsCheck.NUnit.Property(MaxTest = 300)]
    public void Replay_equals_the_original_after_coalescing((byte Kind, FsCheck.NonEmptyString Text)[] pieces, bool callsTools)
    {
        ChatResponse original = Coalesce([.. pieces.Select(p => Update(p.Kind, p.Text.Get)), End(callsTools)]);
        IStoredAnswer stored = StoredAnswer.Of(original);
        IStoredAnswer reread = StoredAnswer.Read(UpdateList.Write(original));

        Assert.That(Describe(stored.Restore()), Is.EqualTo(Describe(original)), "whole");
        Assert.That(Describe(Coalesce(stored.Replay())), Is.EqualTo(Describe(original)), "streamed");
        Assert.That(Describe(reread.Restore()), Is.EqualTo(Describe(original)), "whole, from outside");
        Assert.That(Describe(Coalesce(reread.Replay())), Is.EqualTo(Describe(original)), "streamed, from outside");
    }

    [Test]
    public void Usage_isnt_kept()
    {
        ChatResponse answer = Answer(new TextContent("one"), new FunctionCallContent("c", "f"));
        IStoredAnswer stored = StoredAnswer.Of(answer);
        Assert.That(stored.Restore().Usage, Is.Null);
        Assert.That(stored.Replay().SelectMany(u => u.Contents), Has.None.InstanceOf<UsageContent>());
        Assert.That(StoredAnswer.Of(Answer(new TextContent("one"))).Replay().SelectMany(u => u.Contents), Has.None.InstanceOf<UsageContent>());
    }

    [Test]
    public void Answer_that_no_contract_covers_cant_be_stored() =>
        Assert.That(() => StoredAnswer.Of(Answer(new StrangeContent())), Throws.InstanceOf<NotSupportedException>());

    [Test]
    public void Bytes_of_an_answer_are_read_back()
    {
        CachedAnswer answer = Answers.Of("hi", tenant: "acme", stamp: 5, tags: ["a"]);
        Assert.That(CachedAnswer.TryRead(answer.ToBytes(), out CachedAnswer? read));
        Assert.That(read!.Restore().Text, Is.EqualTo("hi"));
        Assert.That((read.CachedAt, read.ExpiresAt, read.Stamp), Is.EqualTo((answer.CachedAt, answer.ExpiresAt, 5L)));
        Assert.That(read.Origin.Saving, Is.EqualTo(new LlmSaving { CacheUsd = 0.25m, RoutingUsd = 0.5m }));
        Assert.That(read.Size, Is.Positive);
    }

    [Test]
    public void Saving_that_nobody_knows_stays_unknown()
    {
        var answer = new CachedAnswer(StoredAnswer.Of(Answer(new TextContent("x"))), AnswerOrigin.Of(Answers.Receipt with { Saving = null }, null, null), default);
        Assert.That(CachedAnswer.TryRead(answer.ToBytes(), out CachedAnswer? read));
        Assert.That(read!.Origin.Saving, Is.Null);
    }

    [Test]
    [Property("FaultMatrix", "41")]
    public void Bytes_that_were_cut_or_changed_anywhere_are_read_as_nothing_or_as_an_answer_but_never_throw()
    {
        byte[] bytes = Answers.Of(new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("c", "f")]), tags: ["a"]).ToBytes();
        for (int i = 0; i < bytes.Length; i++)
        {
            Assert.That(CachedAnswer.TryRead(bytes.AsSpan(0, i), out _), Is.False);
            byte[] changed = [.. bytes];
            changed[i] ^= 0x55;
            Assert.DoesNotThrow(() => CachedAnswer.TryRead(changed, out _));
        }

        Assert.That(CachedAnswer.TryRead([.. bytes, 0], out _), Is.False, "more than an answer");
        bytes[0]++;
        Assert.That(CachedAnswer.TryRead(bytes, out _), Is.False, "another version");
    }

    private static ChatResponse Answer(params AIContent[] contents) => new(new ChatMessage(ChatRole.Assistant, [.. contents]) { MessageId = "m" })
    {
        ResponseId = "r",
        ModelId = "model",
        FinishReason = ChatFinishReason.Stop,
        Usage = new UsageDetails { InputTokenCount = 1 },
    };

    private static ChatResponse Coalesce(IEnumerable<ChatResponseUpdate> updates) => updates.ToChatResponse();

    private static ChatResponseUpdate Update(byte kind, string text) => (kind % 5) switch
    {
        0 or 1 => new ChatResponseUpdate(ChatRole.Assistant, text) { ResponseId = "r", MessageId = "m", ModelId = "model" },
        2 => new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent(text)]) { ResponseId = "r", MessageId = "m" },
        3 => new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent(text, "f", new Dictionary<string, object?> { ["a"] = text })]) { ResponseId = "r", MessageId = "m" },
        _ => new ChatResponseUpdate(ChatRole.Assistant, text) { ResponseId = "r", MessageId = "another", AdditionalProperties = new() { ["x"] = text } },
    };

    private static ChatResponseUpdate End(bool callsTools) => new()
    {
        ResponseId = "r",
        FinishReason = callsTools ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop,
        Contents = [new UsageContent(new UsageDetails { InputTokenCount = 1 })],
    };

    private static string Describe(ChatResponse response)
    {
        response.Usage = null;
        return JsonSerializer.Serialize(response, AIJsonUtilities.DefaultOptions);
    }

    private sealed class StrangeContent : AIContent;
}
