using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Testing.Tests;

/// <summary>A fake clock that tells when somebody waits on it, so that a test advances it neither too early nor by trial.</summary>
internal sealed class ObservedClock : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    /// <summary>Waits until the next timer has been set.</summary>
    /// <returns>The time that it was set for.</returns>
    public async Task<TimeSpan> WaitForTimerAsync(CancellationToken cancellationToken) => await _timers.Reader.ReadAsync(cancellationToken);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }
}
