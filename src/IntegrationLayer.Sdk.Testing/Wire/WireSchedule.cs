using System.Diagnostics;

namespace IntegrationLayer.Sdk.Testing.Wire;

/// <summary>
/// The clock of one answer. Waits end at absolute times counted from the arrival of the request, so that a test which advances a fake
/// clock gets the same result whether the answer was already waiting or not.
/// </summary>
internal sealed class WireSchedule
{
    /// <summary>A clock that moved further than this while the timer was being set was advanced by a test: the timer is set anew.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(1);

    private readonly TimeProvider? _time;
    private readonly long _start;
    private TimeSpan _due;

    /// <summary>Starts the clock now.</summary>
    public WireSchedule(TimeProvider? time)
    {
        _time = time;
        _start = time?.GetTimestamp() ?? 0;
    }

    private TimeSpan Elapsed => _time!.GetElapsedTime(_start);

    /// <summary>Counts the waits that follow from now on.</summary>
    public void Restart()
    {
        if (_time is not null)
        {
            _due = Elapsed;
        }
    }

    /// <summary>Waits until <paramref name="duration"/> after the moment the last wait was due.</summary>
    public async Task WaitAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        if (_time is null)
        {
            throw new UnreachableException("A script that waits is refused when the fake has no clock.");
        }

        _due += duration;
        while (true)
        {
            TimeSpan remaining = _due - Elapsed;
            if (remaining <= TimeSpan.Zero)
            {
                return;
            }

            using CancellationTokenSource moved = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task delay = Task.Delay(remaining, _time, moved.Token);
            if (_due - Elapsed < remaining - Slack)
            {
                await moved.CancelAsync().ConfigureAwait(false);
                continue;
            }

            await delay.ConfigureAwait(false);
        }
    }
}
