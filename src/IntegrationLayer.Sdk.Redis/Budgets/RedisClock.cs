namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>The time of the Redis server, which decides which window a request counts in: the clocks of processes may differ.</summary>
/// <param name="timeProvider">This process's clock.</param>
internal sealed class RedisClock(TimeProvider timeProvider)
{
    private long _aheadTicks;

    /// <summary>Gets how far scripts move the server's clock, in milliseconds; only tests do.</summary>
    public Func<long> Shift { get; init; } = static () => 0;

    /// <summary>Gets the server's time as far as it is known.</summary>
    public DateTimeOffset Now => timeProvider.GetUtcNow() + TimeSpan.FromTicks(Volatile.Read(ref _aheadTicks));

    /// <summary>Takes over what the server said.</summary>
    public void Learn(long unixMilliseconds) =>
        Volatile.Write(ref _aheadTicks, (DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds) - timeProvider.GetUtcNow()).Ticks);
}
