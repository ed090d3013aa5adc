using System.Text;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Execution;

/// <summary>What had come of an answer when its stream broke off.</summary>
internal sealed class PartialAnswer
{
    /// <param name="updates">The updates that came.</param>
    /// <param name="wholeToolCalls">The tool calls that had come whole, but were not in an update yet.</param>
    /// <param name="hasOpenToolCall">Whether a tool call was begun that is not in an update yet.</param>
    /// <param name="usage">The usage reported so far.</param>
    public PartialAnswer(List<ChatResponseUpdate> updates, IReadOnlyList<FunctionCallContent> wholeToolCalls, bool hasOpenToolCall, UsageDetails? usage)
    {
        IsTextOnly = !hasOpenToolCall && updates.TrueForAll(static u => u.Contents.All(static c => c is TextContent or TextReasoningContent or UsageContent));
        Text = StreamedText.Of(updates);
        Reasoning = ReasoningOf(updates);
        ToolCalls = [.. updates.SelectMany(static u => u.Contents).OfType<FunctionCallContent>(), .. wholeToolCalls];
        Usage = usage;
    }

    public string Text { get; }

    public string Reasoning { get; }

    public IReadOnlyList<FunctionCallContent> ToolCalls { get; }

    public UsageDetails? Usage { get; }

    /// <summary>Gets a value indicating whether nothing but text has come, reasoning apart, so that somebody else can go on from it.</summary>
    public bool IsTextOnly { get; }

    /// <summary>Gets the same of an answer of which this was only the last part.</summary>
    /// <param name="text">All the text that was given out.</param>
    public PartialAnswer Of(string text) => new(this, text);

    private PartialAnswer(PartialAnswer last, string text) =>
        (Text, Reasoning, ToolCalls, Usage, IsTextOnly) = (text, last.Reasoning, last.ToolCalls, last.Usage, last.IsTextOnly);

    private static string ReasoningOf(List<ChatResponseUpdate> updates)
    {
        var text = new StringBuilder();
        foreach (ChatResponseUpdate update in updates)
        {
            foreach (AIContent content in update.Contents)
            {
                text.Append((content as TextReasoningContent)?.Text);
            }
        }

        return text.ToString();
    }
}
