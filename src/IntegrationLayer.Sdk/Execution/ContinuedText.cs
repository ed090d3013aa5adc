using System.Text;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Execution;

/// <summary>The text that was given out of an answer, over all the streams that it came in.</summary>
internal sealed class ContinuedText
{
    private readonly StringBuilder _text = new();
    private string _overlap = "";

    public int Length => _text.Length;

    /// <summary>Gets the beginning that the next stream is asked to go on from. Providers refuse one that ends in white space, so that is left to be written again.</summary>
    public string CutForPrefill()
    {
        string all = _text.ToString();
        string cut = all.TrimEnd();
        _overlap = all[cut.Length..];
        return cut;
    }

    /// <summary>Notes a piece before it is given out.</summary>
    /// <returns>The piece, without white space that was given out before.</returns>
    public LlmResponseUpdate Add(LlmResponseUpdate update)
    {
        string text = update.Text;
        if (_overlap.Length > 0 && text.Length > 0)
        {
            int again = text.AsSpan().CommonPrefixLength(_overlap);
            _overlap = again == text.Length ? _overlap[again..] : "";
            if (again > 0)
            {
                update = Without(update, text, again);
                text = text[again..];
            }
        }

        _text.Append(text);
        return update;
    }

    public override string ToString() => _text.ToString();

    private static LlmResponseUpdate Without(LlmResponseUpdate update, string text, int count)
    {
        if (update.PlainText is not null)
        {
            return new LlmResponseUpdate(text[count..], update.Head!);
        }

        ChatResponseUpdate rest = update.Content.Clone();
        rest.Contents = [.. rest.Contents.Where(static c => c is not TextContent), new TextContent(text[count..])];
        return new LlmResponseUpdate(rest, update.Receipt);
    }
}
