using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Costing;

/// <summary>The beginning of a prompt that later requests may have in common: tools, instructions and all messages but the last.</summary>
/// <param name="Id">What tells it from others: a hash of its first 1,024 tokens, which stay the same while a conversation grows. Zero if it has fewer.</param>
/// <param name="Share">How much of the prompt it is, from 0 to 1.</param>
internal readonly record struct PromptPrefix(ulong Id, double Share)
{
    /// <summary>The shortest prompt, in tokens, that OpenAI and Anthropic keep, and so do most others.</summary>
    public const int LeastTokens = 1_024;

    // What is hashed is counted in characters, of which English has about four to a token.
    private const int LeastCharacters = 4 * LeastTokens;

    /// <summary>Gets how long it is, in characters.</summary>
    public long Characters { get; private init; }

    /// <summary>Reads it off a request.</summary>
    /// <returns>Without an identity if it is shorter than providers keep.</returns>
    public static PromptPrefix Of(LlmRequest request)
    {
        var hash = new Hash();
        if (request.Options is { } options)
        {
            for (int i = 0; i < (options.Tools?.Count ?? 0); i++)
            {
                hash.Add(options.Tools![i].Name);
                hash.Add(options.Tools[i].Description);
            }

            hash.Add(options.Instructions);
        }

        IReadOnlyList<ChatMessage> messages = request.Messages;
        for (int m = 0; m < messages.Count - 1; m++)
        {
            hash.Add(messages[m]);
        }

        (ulong id, long common) = (hash.Missing > 0 ? 0 : hash.Id | 1, hash.Length);
        hash.Add(messages[^1]);
        return new PromptPrefix(id, id == 0 ? 0 : (double)common / hash.Length) { Characters = common };
    }

    // Hashes the first characters, and counts all.
    private struct Hash
    {
        public Hash()
        {
        }

        public ulong Id { get; private set; }

        public long Length { get; private set; }

        public int Missing { get; private set; } = LeastCharacters;

        public void Add(ChatMessage message)
        {
            for (int i = 0; i < message.Contents.Count; i++)
            {
                switch (message.Contents[i])
                {
                    case TextContent text:
                        Add(text.Text);
                        break;
                    case FunctionResultContent { Result: string result }:
                        Add(result);
                        break;
                }
            }
        }

        public void Add(string? text)
        {
            if (string.IsNullOrEmpty(text))
            {
                return;
            }

            Length += text.Length;
            if (Missing > 0)
            {
                int taken = Math.Min(Missing, text.Length);
                Id = StableHash.Of(text.AsSpan(0, taken), Id);
                Missing -= taken;
            }
        }
    }
}
