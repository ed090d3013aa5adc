using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Integration.Tests.Infrastructure;

/// <summary>A fake clock that tells when somebody waits on it, so that a test advances it neither too early nor by trial.</summary>
internal sealed class ObservedClock : FakeTimeProvider
{
    private readonly Channel<bool> _timers = Channel.CreateUnbounded<bool>();

    /// <summary>Completes when the next timer has been set.</summary>
    public async Task WaitForTimerAsync() => await _timers.Reader.ReadAsync();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(true);
        return timer;
    }
}
