using System.Text;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Execution;

/// <summary>What had come of an answer when its stream broke off.</summary>
internal sealed class PartialAnswer
{
    /// <param name="updates">The updates that came.</param>
    /// <param name="wholeToolCalls">The tool calls that had come whole, but were not in an update yet.</param>
    /// <param name="usage">The usage reported so far.</param>
    public PartialAnswer(List<ChatResponseUpdate> updates, IReadOnlyList<FunctionCallContent> wholeToolCalls, UsageDetails? usage)
    {
        Text = StreamedText.Of(updates);
        Reasoning = ReasoningOf(updates);
        ToolCalls = [.. updates.SelectMany(static u => u.Contents).OfType<FunctionCallContent>(), .. wholeToolCalls];
        Usage = usage;
    }

    public string Text { get; }

    public string Reasoning { get; }

    public IReadOnlyList<FunctionCallContent> ToolCalls { get; }

    public UsageDetails? Usage { get; }

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
