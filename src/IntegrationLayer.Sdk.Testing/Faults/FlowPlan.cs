namespace IntegrationLayer.Sdk.Testing.Faults;

/// <summary>What a flow does next with the bytes that it has: every toxic changes it in turn. Times count from the start of the proxy.</summary>
internal record struct FlowPlan
{
    /// <summary>How many of the bytes at hand are sent at once.</summary>
    public int Count { get; set; }

    /// <summary>How long bytes wait after they were read.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>The time that each byte takes.</summary>
    public double SecondsPerByte { get; set; }

    /// <summary>The time between two pieces.</summary>
    public TimeSpan Gap { get; set; }

    /// <summary>How long the end waits after it was read.</summary>
    public TimeSpan EndDelay { get; set; }

    /// <summary>Whether nothing is sent at all, not even the end.</summary>
    public bool IsHeld { get; set; }

    /// <summary>When the connection is closed.</summary>
    public TimeSpan? CloseAt { get; private set; }

    /// <summary>When the connection is reset.</summary>
    public TimeSpan? ResetAt { get; private set; }

    /// <summary>The next time at which something happens by itself.</summary>
    public readonly TimeSpan? NextEvent => Earlier(CloseAt, ResetAt);

    /// <summary>Closes the connection at a time, or before.</summary>
    public void Close(TimeSpan at) => CloseAt = Earlier(CloseAt, at);

    /// <summary>Resets the connection at a time, or before.</summary>
    public void Reset(TimeSpan at) => ResetAt = Earlier(ResetAt, at);

    /// <summary>The earlier of two times, of which each may be missing.</summary>
    public static TimeSpan? Earlier(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other : one;
}
