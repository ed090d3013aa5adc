namespace IntegrationLayer.Sdk.TestSupport.Provider;

/// <summary>How a streamed answer ends.</summary>
public enum StreamEnd
{
    /// <summary>With every event of the wire format, the terminal one included.</summary>
    Complete,

    /// <summary>Early, but as if it were complete: the HTTP body is terminated properly.</summary>
    Truncated,

    /// <summary>Early: the connection closes inside the HTTP body, after all events written so far.</summary>
    Cut,

    /// <summary>Early: with the wire format's error event; the HTTP body is terminated properly.</summary>
    Error,

    /// <summary>Pauses until released, then goes on to its complete end.</summary>
    Stalled,
}
