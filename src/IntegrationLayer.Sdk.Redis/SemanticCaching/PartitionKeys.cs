using System.Text;
using IntegrationLayer.Sdk.Caching;
using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis.SemanticCaching;

/// <summary>The names of what is kept of one partition. They tell nothing, and lie on one node of a cluster.</summary>
internal sealed class PartitionKeys
{
    // What lies under these names is of this form; another form has other names.
    private const string Form = "semantic:1";

    private readonly string _start;
    private readonly string _partition;
    private readonly CacheKeyRing _ring;

    /// <summary>Names what is kept of a partition.</summary>
    /// <param name="prefix">What all keys begin with.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="ring">The installation's keys.</param>
    public PartitionKeys(string prefix, string partition, CacheKeyRing ring)
    {
        _ring = ring;
        _partition = partition;
        _start = $"{prefix}:{Form}:{{{Digest(partition)}}}";
        Vectors = $"{_start}:v";
        Ends = $"{_start}:t";
    }

    /// <summary>Gets the vector set.</summary>
    public RedisKey Vectors { get; }

    /// <summary>Gets the sorted set of when each entry's time is over, in milliseconds since 1970.</summary>
    public RedisKey Ends { get; }

    /// <summary>Gets the key of the vector by which it is found out what the server's scores mean.</summary>
    public static RedisKey Probe(string prefix) => $"{prefix}:{Form}:probe";

    /// <summary>Gets what an entry is called in both sets.</summary>
    public RedisValue MemberOf(string id) => Digest($"{_partition}\n{id}");

    /// <summary>Gets the key of an entry's sealed content.</summary>
    public RedisKey EntryOf(RedisValue member) => $"{_start}:e:{member}";

    private string Digest(string text) => Convert.ToHexStringLower(_ring.Digest(Encoding.UTF8.GetBytes($"semantic index\n{text}")).AsSpan(0, 16));
}
