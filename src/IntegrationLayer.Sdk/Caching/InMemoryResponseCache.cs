using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>Keeps answers in this process, serialised, bounded by bytes; the oldest go first.</summary>
internal sealed class InMemoryResponseCache(IOptions<ExactMatchCacheOptions> options, TimeProvider timeProvider) : IResponseCache
{
    private readonly Lock _gate = new();
    private readonly Dictionary<CacheKey, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byAge = [];
    private long _bytes;

    private static JsonTypeInfo<ChatResponse> Contract => (JsonTypeInfo<ChatResponse>)AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(ChatResponse));

    public ValueTask<LlmResponse?> GetAsync(CacheKey key, CancellationToken cancellationToken)
    {
        Entry entry;
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out LinkedListNode<Entry>? node))
            {
                return new((LlmResponse?)null);
            }

            if (node.Value.ExpiresAt <= timeProvider.GetUtcNow())
            {
                Remove(node);
                return new((LlmResponse?)null);
            }

            entry = node.Value;
        }

        ChatResponse content = JsonSerializer.Deserialize(entry.Payload, Contract)!;
        return new(new LlmResponse(content, entry.Receipt));
    }

    public ValueTask SetAsync(CacheKey key, LlmResponse response, TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        byte[] payload = Serialize(response.Content);
        if (payload.Length > options.Value.MaxBytes)
        {
            return ValueTask.CompletedTask;
        }

        lock (_gate)
        {
            if (_entries.TryGetValue(key, out LinkedListNode<Entry>? old))
            {
                Remove(old);
            }

            _entries[key] = _byAge.AddLast(new Entry(key, payload, Slim(response.Receipt), timeProvider.GetUtcNow() + timeToLive));
            _bytes += payload.Length;
            while (_bytes > options.Value.MaxBytes)
            {
                Remove(_byAge.First!);
            }
        }

        return ValueTask.CompletedTask;
    }

    // The decision holds on to the whole request, and to the configuration it was taken on: memory that no limit counts.
    private static LlmReceipt Slim(LlmReceipt receipt) => receipt with { Routing = null, Attempts = [] };

    // By a writer of its own: that of the contract's options would indent.
    private static byte[] Serialize(ChatResponse content)
    {
        using var buffer = JsonBuffer.Rent();
        JsonSerializer.Serialize(buffer.Writer, content, Contract);
        buffer.Writer.Flush();
        return buffer.Written.ToArray();
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _byAge.Remove(node);
        _entries.Remove(node.Value.Key);
        _bytes -= node.Value.Payload.Length;
    }

    private sealed record Entry(CacheKey Key, byte[] Payload, LlmReceipt Receipt, DateTimeOffset ExpiresAt);
}
