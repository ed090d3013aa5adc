namespace IntegrationLayer.Sdk.Redis.Caching;

/// <summary>How processes share calls that they would make at the same time. Checked when the application starts.</summary>
public sealed class RedisCallSharingOptions
{
    /// <summary>Gets or sets for how long the others go on waiting for a process that has died, at most.</summary>
    /// <value>From 1 second to 1 minute; the default is 5 seconds. A process that lives goes on with its lease three times as often.</value>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets how long a request waits for the answer of another process at most; then it is sent too.</summary>
    /// <value>From 100 milliseconds to 10 minutes; the default is 30 seconds. A request never waits longer than half of the time that it has left.</value>
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromSeconds(30);
}
