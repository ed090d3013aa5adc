namespace IntegrationLayer.Sdk.Testing.Wire;

/// <summary>One thing the gateway does on the connection, in order. The first byte or <see cref="Head"/> sends the response headers.</summary>
internal abstract record WireStep
{
    private WireStep()
    {
    }

    /// <summary>Sends status and headers before any byte of the body.</summary>
    internal sealed record Head : WireStep;

    /// <summary>Writes and flushes these bytes.</summary>
    internal sealed record Write(ReadOnlyMemory<byte> Bytes) : WireStep;

    /// <summary>Waits this long, counted from the moment the step before was due: slow readers do not shift the schedule.</summary>
    internal sealed record Wait(TimeSpan Duration) : WireStep;

    /// <summary>Waits for a task of the test; the schedule starts anew afterwards.</summary>
    internal sealed record Hold(Task Release) : WireStep;

    /// <summary>Writes these bytes to the connection as they are, past the HTTP server; needs a socket.</summary>
    internal sealed record Raw(ReadOnlyMemory<byte> Bytes) : WireStep;

    /// <summary>Closes the connection after what was written, with nothing more of the answer; needs a socket.</summary>
    internal sealed record Close : WireStep;

    /// <summary>Tells the client that the connection takes no more requests (HTTP/2 GOAWAY), and goes on; needs a socket.</summary>
    internal sealed record GoAway : WireStep;

    /// <summary>Resets the stream of the request (HTTP/2 RST_STREAM); needs a socket.</summary>
    internal sealed record ResetStream(int Code) : WireStep;

    /// <summary>Aborts the connection.</summary>
    internal sealed record Reset : WireStep;
}
