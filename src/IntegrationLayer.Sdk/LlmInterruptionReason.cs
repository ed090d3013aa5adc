namespace IntegrationLayer.Sdk;

/// <summary>How a stream broke off.</summary>
public enum LlmInterruptionReason
{
    /// <summary>The provider or the gateway reported an error within the stream.</summary>
    ProviderError = 0,

    /// <summary>The connection broke.</summary>
    Reset,

    /// <summary>The stream ended properly, but without saying that the answer was complete.</summary>
    Truncated,

    /// <summary>No content came for longer than <see cref="Resilience.TimeoutOptions.Stall"/>.</summary>
    Stalled,

    /// <summary>The request's deadline was over.</summary>
    Deadline,

    /// <summary>An event, or the whole stream, was larger than a limit.</summary>
    Oversize,

    /// <summary>Something came that can't be read.</summary>
    Malformed,

    /// <summary>Nobody read the stream for longer than <see cref="Resilience.TimeoutOptions.Consumer"/>.</summary>
    Unread,
}
