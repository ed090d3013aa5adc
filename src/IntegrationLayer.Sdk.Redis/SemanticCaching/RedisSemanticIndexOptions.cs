namespace IntegrationLayer.Sdk.Redis.SemanticCaching;

/// <summary>How the index of the semantic cache is kept in Redis. Checked when the application starts.</summary>
public sealed class RedisSemanticIndexOptions
{
    /// <summary>Gets or sets how long an operation may take before the request goes on without it.</summary>
    /// <value>From 1 ms to 10 s; the default is 50 ms.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Gets or sets how many questions a partition has at most; those whose time is over soonest go first.</summary>
    /// <value>From 16 to 10,000,000; the default is 100,000. Partitions, and everything in them, are gone when the time of their last answer is over.</value>
    public int MaxEntriesPerPartition { get; set; } = 100_000;
}
