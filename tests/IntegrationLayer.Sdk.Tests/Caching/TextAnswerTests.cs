using IntegrationLayer.Sdk.Caching;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Caching;

internal sealed class TextAnswerTests
{
    [Test]
    public void Texts_come_back_with_everything_around_them()
    {
        ChatResponse answer = Answer(new TextContent("one"), new TextContent("two"), new TextContent("three"));
        answer.AdditionalProperties = new() { ["fingerprint"] = "fp", ["count"] = 3L };
        answer.Messages[0].AdditionalProperties = new() { ["flag"] = true };
        IStoredAnswer stored = TextAnswer.Of(answer);
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

        IStoredAnswer stored = TextAnswer.Of(answer);
        Assert.That(stored, Is.InstanceOf<SerializedAnswer>());
        Assert.That(stored.Restore().Text, Is.EqualTo(answer.Text));
        Assert.That(stored.Restore().Usage, Is.Null);
    }

    private static ChatResponse Answer(params AIContent[] contents) => new(new ChatMessage(ChatRole.Assistant, [.. contents]) { MessageId = "m" })
    {
        ResponseId = "r",
        ModelId = "model",
        FinishReason = ChatFinishReason.Stop,
        Usage = new UsageDetails { InputTokenCount = 1 },
    };
}
