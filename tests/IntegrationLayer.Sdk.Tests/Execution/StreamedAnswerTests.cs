using System.Text.Json;
using IntegrationLayer.Sdk.Execution;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Execution;

internal sealed class StreamedAnswerTests
{
    private static readonly DateTimeOffset Moment = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly StreamHead Head = new("r", "model", Moment);

    // A letter each: a piece of text, of another message, of text that comes as an update, reasoning, a finish, usage, extras.
    [FsCheck.NUnit.Property(MaxTest = 500)]
    public void Response_is_the_one_that_the_platform_makes_of_the_same_updates(byte[] kinds)
    {
        LlmResponseUpdate[] updates = [.. kinds.Select((kind, at) => Update(kind % 9, at))];
        List<ChatResponseUpdate> whole = [.. updates.Select(u => u.PlainText is { } text ? u.Head!.ToUpdate(text) : u.Content)];
        using StreamedAnswer answer = Of(updates);

        Assert.That(Json(answer.ToChatResponse()), Is.EqualTo(Json(StreamedText.ToChatResponse(whole))));
        Assert.That(StreamedText.Of(answer.Updates()), Is.EqualTo(string.Concat(whole.SelectMany(u => u.Contents.OfType<TextContent>()).Select(t => t.Text))));
    }

    [Test]
    public void Text_of_any_length_is_kept()
    {
        string[] pieces = [.. Enumerable.Range(0, 3000).Select(i => $"{i} ")];
        using StreamedAnswer answer = Of([.. pieces.Select(p => new LlmResponseUpdate(p, Head))]);

        Assert.That(StreamedText.Of(answer.Updates()), Is.EqualTo(string.Concat(pieces)));
    }

    [Test]
    public void Text_goes_on_after_it_was_asked_for()
    {
        using StreamedAnswer answer = Of(new LlmResponseUpdate("The ", Head));
        Assert.That(StreamedText.Of(answer.Updates()), Is.EqualTo("The "));

        answer.Add(new LlmResponseUpdate("end.", Head));

        Assert.That(StreamedText.Of(answer.Updates()), Is.EqualTo("The end."));
    }

    [Test]
    public void Who_answers_is_the_first_model_and_the_last_service_tier()
    {
        using StreamedAnswer answer = Of(
            new LlmResponseUpdate("a", Head),
            new LlmResponseUpdate("b", Head with { ModelId = "another" }),
            new LlmResponseUpdate(new ChatResponseUpdate { AdditionalProperties = new() { [Served.ServiceTierKey] = "default" } }),
            new LlmResponseUpdate(new ChatResponseUpdate { AdditionalProperties = new() { [Served.ServiceTierKey] = "flex" } }),
            new LlmResponseUpdate(new ChatResponseUpdate { AdditionalProperties = new() { ["x"] = "y" } }));

        Assert.That((answer.Served.Model, answer.Served.ServiceTier, answer.IsFinished), Is.EqualTo(("model", "flex", false)));
    }

    private static LlmResponseUpdate Update(int kind, int at) => kind switch
    {
        5 => new(Full(new TextContent($"full{at} "))),
        6 => new(Full(new TextReasoningContent($"thought{at} "))),
        7 => new(new ChatResponseUpdate(ChatRole.Assistant, [])
        {
            ResponseId = "r", MessageId = "r", ModelId = "model", CreatedAt = Moment, FinishReason = ChatFinishReason.Stop,
        }),
        8 => new(Full(new UsageContent(new UsageDetails { InputTokenCount = at }))),
        4 => new($"other{at} ", Head with { Id = $"r{at}" }),
        _ => new($"text{at} ", Head),
    };

    private static ChatResponseUpdate Full(AIContent content) => new(ChatRole.Assistant, [content])
    {
        ResponseId = "r", MessageId = "r", ModelId = "model", CreatedAt = Moment, AdditionalProperties = new() { ["a"] = content.GetType().Name },
    };

    private static StreamedAnswer Of(params LlmResponseUpdate[] updates)
    {
        var answer = new StreamedAnswer();
        Array.ForEach(updates, answer.Add);
        return answer;
    }

    private static string Json(ChatResponse response) => JsonSerializer.Serialize(response, AIJsonUtilities.DefaultOptions);
}
