using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis.SemanticCaching;

/// <summary>The commands on one partition: a vector set, a sorted set of when each entry's time is over, and for each entry a sealed text, which Redis deletes in time.</summary>
/// <remarks>
/// Nothing of it is a transaction. An entry's text is written before its vector, so that what is found is whole; what is left over when something breaks
/// off, or when Redis evicts a part, is cleared away by whoever comes upon it.
/// </remarks>
/// <param name="database">The database.</param>
/// <param name="keys">The names of the partition.</param>
internal sealed class PartitionStore(IDatabase database, PartitionKeys keys)
{
    // More than the one that came, so that what is over the limit shrinks, and what is over in time goes.
    private const int MostLeaving = 8;

    /// <summary>Finds the nearest, the nearest first.</summary>
    public async Task<FoundMember[]> SearchAsync(ReadOnlyMemory<float> vector, int count)
    {
        VectorSetSimilaritySearchRequest request = VectorSetSimilaritySearchRequest.ByVector(vector);
        (request.WithScores, request.Count) = (true, count);
        using Lease<VectorSetSimilaritySearchResult>? results = await database.VectorSetSimilaritySearchAsync(keys.Vectors, request).ConfigureAwait(false);
        if (results is null or { Length: 0 })
        {
            return [];
        }

        VectorSetSimilaritySearchResult[] nearest = results.Span.ToArray();
        RedisValue[] texts = await database.StringGetAsync(Array.ConvertAll(nearest, r => keys.EntryOf(r.Member))).ConfigureAwait(false);
        return [.. nearest.Zip(texts, static (result, text) => new FoundMember(result.Member, result.Score, text))];
    }

    /// <summary>Adds an entry, or puts it in the place of the old one, in one round trip.</summary>
    /// <returns>Which others have to go, because their time is over or there are too many.</returns>
    public async Task<RedisValue[]> AddAsync(RedisValue member, SealedEntry entry, ReadOnlyMemory<float> vector, int most)
    {
        Task writing = database.StringSetAsync(keys.EntryOf(member), entry.Text, entry.Lifetime);
        Task ending = database.SortedSetAddAsync(keys.Ends, member, entry.ExpiresAt.ToUnixTimeMilliseconds());
        Task adding = database.VectorSetAddAsync(keys.Vectors, VectorSetAddRequest.Member(member, vector));
        Task keeping = Task.WhenAll(KeepAsync(keys.Vectors, entry.Lifetime), KeepAsync(keys.Ends, entry.Lifetime));
        Task<long> counting = database.VectorSetLengthAsync(keys.Vectors);
        Task<long> knowing = database.SortedSetLengthAsync(keys.Ends);
        Task<SortedSetEntry[]> ranging = database.SortedSetRangeByRankWithScoresAsync(keys.Ends, 0, MostLeaving - 1);
        await Task.WhenAll(writing, ending, adding, keeping, counting, knowing, ranging).ConfigureAwait(false);

        int excess = (int)Math.Min(await counting.ConfigureAwait(false) - most, MostLeaving);
        if (excess > 0 && await knowing.ConfigureAwait(false) <= most)
        {
            // Redis evicted the ends of some: they can only be met by chance.
            return await database.VectorSetRandomMembersAsync(keys.Vectors, excess).ConfigureAwait(false);
        }

        double now = (entry.ExpiresAt - entry.Lifetime).ToUnixTimeMilliseconds();
        SortedSetEntry[] first = await ranging.ConfigureAwait(false);
        return [.. first.Where((end, i) => i < excess || end.Score <= now).Select(static end => end.Element)];
    }

    /// <summary>Takes entries out, without waiting.</summary>
    public Task RemoveAsync(RedisValue[] members, CommandFlags flags) => Task.WhenAll(
    [
        .. members.Select(member => database.VectorSetRemoveAsync(keys.Vectors, member, flags)),
        database.SortedSetRemoveAsync(keys.Ends, members, flags),
        database.KeyDeleteAsync(Array.ConvertAll(members, keys.EntryOf), flags),
    ]);

    // A partition stays as long as the last of its entries; what has no end yet counts as endless for GT.
    private Task<bool[]> KeepAsync(RedisKey key, TimeSpan lifetime) => Task.WhenAll(
        database.KeyExpireAsync(key, lifetime, ExpireWhen.HasNoExpiry), database.KeyExpireAsync(key, lifetime, ExpireWhen.GreaterThanCurrentExpiry));
}
