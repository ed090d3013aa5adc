using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Distributed;

namespace IntegrationLayer.Sdk.Tests.Caching;

/// <summary>A store that several processes share, and that can be away, silent or tampered with.</summary>
internal sealed class StubDistributedCache : IDistributedCache
{
    private int _calls;

    public ConcurrentDictionary<string, byte[]> Entries { get; } = [];

    /// <summary>Gets the entries that are answers.</summary>
    public IEnumerable<string> Answers => Entries.Keys.Where(static k => k.StartsWith("integration-layer:", StringComparison.Ordinal));

    public Exception? Failure { get; set; }

    public bool IsSilent { get; set; }

    public int Calls => Volatile.Read(ref _calls);

    public byte[]? Get(string key) => Entries.GetValueOrDefault(key);

    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default)
    {
        await AnswerAsync(token);
        return Get(key);
    }

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => Entries[key] = value;

    public async Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        await AnswerAsync(token);
        Set(key, value, options);
    }

    public void Remove(string key) => Entries.TryRemove(key, out _);

    public async Task RemoveAsync(string key, CancellationToken token = default)
    {
        await AnswerAsync(token);
        Remove(key);
    }

    public void Refresh(string key)
    {
    }

    public Task RefreshAsync(string key, CancellationToken token = default) => Task.CompletedTask;

    private async Task AnswerAsync(CancellationToken token)
    {
        Interlocked.Increment(ref _calls);
        if (IsSilent)
        {
            await Task.Delay(Timeout.Infinite, token);
        }

        if (Failure is not null)
        {
            throw Failure;
        }
    }
}
