namespace IntegrationLayer.Sdk.Redis.Tests.Caching;

/// <summary>A clock that goes by itself, so that what waits for a real server doesn't wait for ever, and that tests can move forward.</summary>
internal sealed class MovableClock : TimeProvider
{
    private long _ahead;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;

    public override long GetTimestamp() => System.GetTimestamp() + (long)(Ahead.TotalSeconds * TimestampFrequency);

    public void Advance(TimeSpan time) => Interlocked.Add(ref _ahead, time.Ticks);

    private TimeSpan Ahead => TimeSpan.FromTicks(Volatile.Read(ref _ahead));
}
