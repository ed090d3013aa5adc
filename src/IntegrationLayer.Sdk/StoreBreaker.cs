namespace IntegrationLayer.Sdk;

/// <summary>Guards the calls of a shared store. Opens after several failures in a row; then lets one call through after each pause, and closes when it succeeds. Pauses double up to a limit.</summary>
internal sealed class StoreBreaker(TimeProvider timeProvider)
{
    private const int FailuresToOpen = 5;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private int _failures;
    private int _pauses;
    private long _openedAt;
    private bool _isProbing;

    /// <summary>Gets the longest pause between two tries.</summary>
    public static TimeSpan LongestPause { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets a value indicating whether calls are refused.</summary>
    public bool IsOpen => Volatile.Read(ref _failures) >= FailuresToOpen;

    /// <summary>Asks whether a call may be made. If so, exactly one of the other methods must follow.</summary>
    public bool TryEnter()
    {
        if (!IsOpen)
        {
            return true;
        }

        lock (_gate)
        {
            if (_failures < FailuresToOpen)
            {
                return true;
            }

            if (_isProbing || timeProvider.GetElapsedTime(_openedAt) < Pause())
            {
                return false;
            }

            return _isProbing = true;
        }
    }

    /// <summary>Reports that the store answered.</summary>
    public void Succeeded()
    {
        // The usual case takes no lock.
        if (Volatile.Read(ref _failures) == 0)
        {
            return;
        }

        lock (_gate)
        {
            (_failures, _pauses, _isProbing) = (0, 0, false);
        }
    }

    /// <summary>Reports that the store didn't.</summary>
    public void Failed()
    {
        lock (_gate)
        {
            if (_failures < FailuresToOpen)
            {
                _failures++;
            }
            else if (_isProbing)
            {
                _pauses++;
            }
            else
            {
                // A call of before the breaker opened: it is known by now.
                return;
            }

            (_openedAt, _isProbing) = (timeProvider.GetTimestamp(), false);
        }
    }

    /// <summary>Reports a call whose end says nothing about the store.</summary>
    public void Left()
    {
        lock (_gate)
        {
            _isProbing = false;
        }
    }

    private TimeSpan Pause() => TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, ShortestPause.Ticks << Math.Min(_pauses, 10)));
}
