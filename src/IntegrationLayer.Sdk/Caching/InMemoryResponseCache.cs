using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>Keeps answers in this process, bounded by bytes. A hit takes no lock.</summary>
/// <remarks>
/// What goes first is decided by SIEVE (Zhang et al., NSDI 2024): a hand moves from the oldest entry to the newest, passes over what was asked
/// for since it last came by, and evicts what wasn't. It keeps more of what is asked for again than LRU, and a hit only sets a flag.
/// </remarks>
internal sealed class InMemoryResponseCache(IOptions<ExactMatchCacheOptions> options, TimeProvider timeProvider) : IResponseCache
{
    private readonly long _maxBytes = options.Value.MaxBytes;
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<CacheKey, Entry> _entries = [];
    private Entry? _newest;
    private Entry? _oldest;
    private Entry? _hand;
    private long _bytes;

    /// <summary>Gets how many bytes the entries take.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public int Count => _entries.Count;

    public ValueTask<CachedAnswer?> GetAsync(CacheKey key, CancellationToken cancellationToken) => new(Find(key));

    public ValueTask SetAsync(CacheKey key, CachedAnswer answer, CancellationToken cancellationToken)
    {
        Keep(key, answer, answer.ExpiresAt - timeProvider.GetUtcNow());
        return ValueTask.CompletedTask;
    }

    public ValueTask RemoveAsync(CacheKey key, CancellationToken cancellationToken)
    {
        Forget(key);
        return ValueTask.CompletedTask;
    }

    /// <summary>Gets an answer; <see langword="null"/> if there is none, or its time is over.</summary>
    public CachedAnswer? Find(CacheKey key)
    {
        if (!_entries.TryGetValue(key, out Entry? entry))
        {
            return null;
        }

        if (timeProvider.GetTimestamp() >= entry.ExpiresAt)
        {
            Evict(entry);
            return null;
        }

        // Only a change is written: other processors have this entry in their caches too.
        if (!entry.IsVisited)
        {
            entry.IsVisited = true;
        }

        return entry.Answer;
    }

    /// <summary>Keeps an answer for some time.</summary>
    public void Keep(CacheKey key, CachedAnswer answer, TimeSpan time)
    {
        var entry = new Entry(key.ToOwned(), answer, timeProvider.GetTimestamp() + (long)(time.TotalSeconds * timeProvider.TimestampFrequency));
        lock (_gate)
        {
            if (_entries.TryGetValue(key, out Entry? old))
            {
                Remove(old);
            }

            if (time <= TimeSpan.Zero || entry.Size > _maxBytes)
            {
                return;
            }

            while (_bytes + entry.Size > _maxBytes)
            {
                Remove(Victim());
            }

            Add(entry);
        }
    }

    /// <summary>Forgets an answer.</summary>
    public void Forget(CacheKey key)
    {
        if (_entries.TryGetValue(key, out Entry? entry))
        {
            Evict(entry);
        }
    }

    private void Evict(Entry entry)
    {
        lock (_gate)
        {
            // Somebody may have been faster.
            if (_entries.TryGetValue(entry.Key, out Entry? current) && ReferenceEquals(current, entry))
            {
                Remove(entry);
            }
        }
    }

    private Entry Victim()
    {
        Entry hand = _hand ?? _oldest!;
        while (hand.IsVisited)
        {
            hand.IsVisited = false;
            hand = hand.Newer ?? _oldest!;
        }

        _hand = hand;
        return hand;
    }

    private void Add(Entry entry)
    {
        _entries[entry.Key] = entry;
        _bytes += entry.Size;
        entry.Older = _newest;
        if (_newest is not null)
        {
            _newest.Newer = entry;
        }

        _newest = entry;
        _oldest ??= entry;
    }

    private void Remove(Entry entry)
    {
        _entries.TryRemove(entry.Key, out _);
        _bytes -= entry.Size;
        if (ReferenceEquals(_hand, entry))
        {
            _hand = entry.Newer;
        }

        if (entry.Newer is not null)
        {
            entry.Newer.Older = entry.Older;
        }
        else
        {
            _newest = entry.Older;
        }

        if (entry.Older is not null)
        {
            entry.Older.Newer = entry.Newer;
        }
        else
        {
            _oldest = entry.Newer;
        }

        // An entry that is gone but not yet collected would keep its younger neighbour alive, and that one the next.
        entry.Older = null;
        entry.Newer = null;
    }

    private sealed class Entry(CacheKey key, CachedAnswer answer, long expiresAt)
    {
        // The entry itself, its key, and its place in the table.
        private const int Overhead = 250;

        public CacheKey Key { get; } = key;

        public CachedAnswer Answer { get; } = answer;

        /// <summary>Gets when its time is over, as a timestamp.</summary>
        public long ExpiresAt { get; } = expiresAt;

        public long Size { get; } = Overhead + key.Identity.Length + answer.Size;

        public bool IsVisited { get; set; }

        public Entry? Newer { get; set; }

        public Entry? Older { get; set; }
    }
}
