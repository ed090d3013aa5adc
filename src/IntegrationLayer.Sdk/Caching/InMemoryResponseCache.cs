using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>Keeps answers in this process, in a form that callers can't change, bounded by bytes; the oldest go first.</summary>
internal sealed class InMemoryResponseCache(IOptions<ExactMatchCacheOptions> options, TimeProvider timeProvider) : IResponseCache
{
    private readonly Lock _gate = new();
    private readonly Dictionary<CacheKey, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byAge = [];
    private long _bytes;

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

        return new(new LlmResponse(entry.Answer.Restore(), entry.Payment.ToReceipt()));
    }

    public ValueTask SetAsync(CacheKey key, LlmResponse response, TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        IStoredAnswer answer = TextAnswer.Of(response.Content);
        if (answer.Size > options.Value.MaxBytes)
        {
            return ValueTask.CompletedTask;
        }

        lock (_gate)
        {
            if (_entries.TryGetValue(key, out LinkedListNode<Entry>? old))
            {
                Remove(old);
            }

            _entries[key] = _byAge.AddLast(new Entry(key, answer, Payment.Of(response.Receipt), timeProvider.GetUtcNow() + timeToLive));
            _bytes += answer.Size;
            while (_bytes > options.Value.MaxBytes)
            {
                Remove(_byAge.First!);
            }
        }

        return ValueTask.CompletedTask;
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _byAge.Remove(node);
        _entries.Remove(node.Value.Key);
        _bytes -= node.Value.Answer.Size;
    }

    private sealed record Entry(CacheKey Key, IStoredAnswer Answer, Payment Payment, DateTimeOffset ExpiresAt);

    /// <summary>Who was paid how much: what a hit reports. The rest of a receipt would keep the request alive, and is none of the next caller's business.</summary>
    private readonly record struct Payment(string RequestId, string Deployment, string Provider, string Model, string? ModelServed, LlmCost Cost, LlmSaving? Saving)
    {
        public static Payment Of(LlmReceipt receipt) =>
            new(receipt.RequestId, receipt.Deployment, receipt.Provider, receipt.Model, receipt.ModelServed, receipt.Cost, receipt.Saving);

        public LlmReceipt ToReceipt() => new()
        {
            RequestId = RequestId,
            Deployment = Deployment,
            Provider = Provider,
            Model = Model,
            ModelServed = ModelServed,
            Cost = Cost,
            Saving = Saving,
        };
    }
}
