namespace IntegrationLayer.Sdk.TestSupport.Provider;

/// <summary>How the events of a streamed answer are sent. The default sends all at once, to the proper end.</summary>
public sealed record StreamShape
{
    /// <summary>How the stream ends.</summary>
    public StreamEnd End { get; private init; }

    /// <summary>Events sent before <see cref="End"/> takes effect. OpenAI's first event carries the role, not text.</summary>
    public int EventsBeforeEnd { get; private init; } = int.MaxValue;

    /// <summary>What a stalled stream waits for.</summary>
    public Task Released { get; private init; } = Task.CompletedTask;

    /// <summary>Pause before every event but the first, by the server's clock; none by default.</summary>
    public TimeSpan EventDelay { get; init; }

    /// <summary>Line end of the events; by default the provider's own (<c>\r\n</c> for Google, <c>\n</c> for the others).</summary>
    public string? NewLine { get; init; }

    /// <summary>Ends properly, but too early and without the terminal event.</summary>
    public static StreamShape TruncatedAfter(int events) => new() { End = StreamEnd.Truncated, EventsBeforeEnd = events };

    /// <summary>Closes the connection inside the body. The events before arrive.</summary>
    public static StreamShape CutAfter(int events) => new() { End = StreamEnd.Cut, EventsBeforeEnd = events };

    /// <summary>Sends an error event in place of the rest.</summary>
    public static StreamShape ErrorAfter(int events) => new() { End = StreamEnd.Error, EventsBeforeEnd = events };

    /// <summary>Falls silent until the task completes, then sends the rest.</summary>
    public static StreamShape StalledAfter(int events, Task released) =>
        new() { End = StreamEnd.Stalled, EventsBeforeEnd = events, Released = released };
}
