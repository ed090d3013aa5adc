using System.Text.Json;
using IntegrationLayer.Sdk.Execution;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Execution;

internal sealed class StreamedTextTests
{
    private static readonly DateTimeOffset Moment = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Test]
    public void Text_is_that_of_all_updates()
    {
        Assert.That(StreamedText.Of([Update("The "), Update(), Update("end.")]), Is.EqualTo("The end."));
        Assert.That(StreamedText.Of([]), Is.Empty);
    }

    [Test]
    public void Response_is_the_one_that_the_platform_makes()
    {
        List<ChatResponseUpdate> updates = [Update("The "), Update("end."), Update()];
        updates[1].AdditionalProperties = new() { ["a"] = 1L, ["b"] = "x" };
        updates[2].AdditionalProperties = new() { ["a"] = 2L };
        updates[2].FinishReason = ChatFinishReason.Stop;
        updates[2].Contents.Add(new UsageContent(new UsageDetails { InputTokenCount = 3, OutputTokenCount = 4, TotalTokenCount = 7 }));

        Assert.That(Json(StreamedText.ToChatResponse(updates)), Is.EqualTo(Json(updates.ToChatResponse())));
    }

    [Test]
    public void Response_of_more_than_the_text_of_one_message_is_the_one_that_the_platform_makes([Range(0, 4)] int difference)
    {
        List<ChatResponseUpdate> updates = [Update("The "), Update("end.")];
        ChatResponseUpdate last = updates[1];
        switch (difference)
        {
            case 0:
                last.Contents.Add(new FunctionCallContent("c", "f"));
                break;
            case 1:
                last.MessageId = "another";
                break;
            case 2:
                last.Role = ChatRole.Tool;
                break;
            case 3:
                last.AuthorName = "somebody";
                break;
            default:
                last.Contents[0].AdditionalProperties = new() { ["a"] = 1L };
                break;
        }

        Assert.That(Json(StreamedText.ToChatResponse(updates)), Is.EqualTo(Json(updates.ToChatResponse())));
    }

    private static ChatResponseUpdate Update(params string[] texts) => new()
    {
        Role = ChatRole.Assistant,
        Contents = [.. texts.Select(t => new TextContent(t))],
        ResponseId = "r",
        MessageId = "m",
        ModelId = "model",
        CreatedAt = Moment,
    };

    private static string Json(ChatResponse response) => JsonSerializer.Serialize(response, AIJsonUtilities.DefaultOptions);
}
