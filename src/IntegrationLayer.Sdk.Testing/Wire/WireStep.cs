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

    /// <summary>Aborts the connection.</summary>
    internal sealed record Reset : WireStep;
}
