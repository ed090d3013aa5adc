using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Which places of a conversation are marked for the provider's prompt cache: with that of the tools three at most, of the four that Anthropic takes.</summary>
/// <param name="System">The place of the last message of the system; −1 to mark the instructions of the options in its stead, −2 for none.</param>
/// <param name="Stable">The place of the last message of the user before the one that is asked now; −2 for none.</param>
internal readonly record struct PrefixMarks(int System, int Stable)
{
    private const int Nowhere = -2;

    /// <summary>Gets what marks nothing.</summary>
    public static PrefixMarks None { get; } = new(Nowhere, Nowhere);

    /// <summary>Gets a value indicating whether the instructions of the options are marked.</summary>
    public bool Instructions => System == -1;

    /// <summary>Finds the places.</summary>
    public static PrefixMarks Of(IReadOnlyList<ChatMessage> messages)
    {
        (int system, int stable) = (-1, Nowhere);
        for (int i = 0; i < messages.Count; i++)
        {
            if (messages[i].Role == ChatRole.System && TextOf(messages[i]) is not null)
            {
                system = i;
            }
            else if (messages[i].Role == ChatRole.User && i < messages.Count - 1 && TextOf(messages[i]) is not null)
            {
                stable = i;
            }
        }

        return new PrefixMarks(system, stable);
    }

    /// <summary>Gets the content of a message that is marked, if any is.</summary>
    public TextContent? ContentOf(int index, ChatMessage message) => index == System || index == Stable ? TextOf(message) : null;

    // An empty text can't be marked.
    private static TextContent? TextOf(ChatMessage message)
    {
        for (int i = message.Contents.Count - 1; i >= 0; i--)
        {
            if (message.Contents[i] is TextContent { Text.Length: > 0 } text)
            {
                return text;
            }
        }

        return null;
    }
}
