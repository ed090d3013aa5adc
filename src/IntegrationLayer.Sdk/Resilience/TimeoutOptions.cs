namespace IntegrationLayer.Sdk.Resilience;

/// <summary>How long the SDK waits for a provider before it gives a call up, within the one deadline of the request (<see cref="IntegrationLayerOptions.Timeout"/>).</summary>
/// <remarks>
/// Streams are timed by content: text, reasoning, tool calls, refusals. Keep-alives and empty pieces don't count, nor does the time that the consumer of a
/// stream takes. A deployment may have times of its own.
/// </remarks>
public sealed class TimeoutOptions
{
    /// <summary>Gets or sets how long a whole answer, or a stream until it is open, may take while another deployment could be tried.</summary>
    /// <value>
    /// From 10 ms to 1 day. When <see langword="null"/>, the default: half of what is left of the request's time, but at least 1 minute; a stream's first token,
    /// too, has no longer than that. The last deployment that can be tried has until the deadline.
    /// </value>
    public TimeSpan? Attempt { get; set; }

    /// <summary>Gets or sets how long a stream may take until its first content while another deployment could be tried.</summary>
    /// <value>From 10 ms to 1 day; the default is 30 seconds.</value>
    public TimeSpan FirstToken { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets the same for models that reason before they answer.</summary>
    /// <value>From 10 ms to 1 day; the default is 2 minutes.</value>
    public TimeSpan ReasoningFirstToken { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Gets or sets how long a stream may be silent between two pieces of content.</summary>
    /// <value>From 10 ms to 1 day; the default is 20 seconds.</value>
    public TimeSpan Stall { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Gets or sets how long a stream waits for its consumer before it is closed and charged.</summary>
    /// <value>From 10 ms to 1 day; the default is 5 minutes. The request's deadline may come first.</value>
    public TimeSpan Consumer { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Gets or sets how fast a stream must begin while another deployment could be tried, in characters per second over its first five seconds.</summary>
    /// <value>From 1 to 100,000. When <see langword="null"/>, the default, any speed will do. When set, a stream is held back until it has shown that it is fast enough.</value>
    public int? MinCharactersPerSecond { get; set; }
}
