using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Analytics.Tests;

/// <summary>A clock that stands still until it is advanced, and that tells when somebody begins to wait for so long.</summary>
internal sealed class ObservedClock(DateTimeOffset now) : FakeTimeProvider(now)
{
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

    /// <summary>Completes when somebody waits for a time; waits of other lengths before it are passed over.</summary>
    public async Task WaitForAsync(TimeSpan wait)
    {
        while (await _waits.Reader.ReadAsync() != wait)
        {
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        _waits.Writer.TryWrite(dueTime);
        return timer;
    }
}
