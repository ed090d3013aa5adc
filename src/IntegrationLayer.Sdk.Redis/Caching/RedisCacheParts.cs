using IntegrationLayer.Sdk.Caching;

namespace IntegrationLayer.Sdk.Redis.Caching;

/// <summary>What all that shares answers over Redis works with.</summary>
/// <param name="Connection">The connection.</param>
/// <param name="Options">The settings.</param>
/// <param name="Seal">Makes answers unreadable for others.</param>
/// <param name="Watch">Counts and logs.</param>
/// <param name="Time">The clock.</param>
internal sealed record RedisCacheParts(RedisConnection Connection, RedisCacheOptions Options, AnswerSeal Seal, SharedCacheWatch Watch, TimeProvider Time)
{
    /// <summary>Makes a use of Redis with a breaker of its own.</summary>
    public RedisDependency Dependency(string name, TimeSpan timeLimit) => new(Connection, name, timeLimit, Time);

    /// <summary>Names something of the cache's.</summary>
    public string NameOf(string what) => $"{Connection.KeyPrefix}:cache:{what}";

    /// <summary>Names something of an answer's.</summary>
    public string NameOf(string what, CacheKey key) => $"{Connection.KeyPrefix}:cache:{what}:{key.Value}";
}
