using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>One update of a stream that several read. The first reader owns the update itself; the others get what it was when it came.</summary>
internal readonly struct SharedUpdate
{
    private readonly byte[]? _json;

    public SharedUpdate(LlmResponseUpdate original)
    {
        Original = original;

        // Nobody can change a text.
        if (original.PlainText is null && original.Content.Contents.Any(static c => c is not UsageContent))
        {
            _json = JsonSerializer.SerializeToUtf8Bytes(original.Content, Contract);
        }
    }

    /// <summary>Gets the update of the first reader.</summary>
    public LlmResponseUpdate Original { get; }

    private static JsonTypeInfo<ChatResponseUpdate> Contract => (JsonTypeInfo<ChatResponseUpdate>)AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(ChatResponseUpdate));

    /// <summary>Makes the update anew, without usage: only the first reader pays.</summary>
    public LlmResponseUpdate Copy()
    {
        if (Original.PlainText is { } text)
        {
            return new LlmResponseUpdate(text, Original.Head!);
        }

        ChatResponseUpdate copy = _json is null ? Original.Content.Clone() : JsonSerializer.Deserialize(_json, Contract)!;
        copy.Contents = [.. copy.Contents.Where(static c => c is not UsageContent)];
        copy.AdditionalProperties = copy.AdditionalProperties?.Clone();
        copy.RawRepresentation = null;
        return new LlmResponseUpdate(copy) { ContinuedBy = Original.ContinuedBy };
    }
}
