using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis.SemanticCaching;

/// <summary>What a search came upon.</summary>
/// <param name="Member">What the entry is called.</param>
/// <param name="Score">The server's score.</param>
/// <param name="Text">The sealed entry; null if its time is over, or Redis evicted it.</param>
internal readonly record struct FoundMember(RedisValue Member, double Score, RedisValue Text);
