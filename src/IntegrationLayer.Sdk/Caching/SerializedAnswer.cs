using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>Any answer, as JSON.</summary>
internal sealed class SerializedAnswer : IStoredAnswer
{
    private readonly byte[] _json;

    public SerializedAnswer(ChatResponse content)
    {
        // By a writer of its own: that of the contract's options would indent.
        using var buffer = JsonBuffer.Rent();
        JsonSerializer.Serialize(buffer.Writer, content, Contract);
        buffer.Writer.Flush();
        _json = buffer.Written.ToArray();
    }

    public long Size => _json.Length;

    private static JsonTypeInfo<ChatResponse> Contract => (JsonTypeInfo<ChatResponse>)AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(ChatResponse));

    public ChatResponse Restore()
    {
        ChatResponse content = JsonSerializer.Deserialize(_json, Contract)!;
        content.Usage = null;
        return content;
    }
}
