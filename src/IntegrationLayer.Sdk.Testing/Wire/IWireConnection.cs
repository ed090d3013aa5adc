namespace IntegrationLayer.Sdk.Testing.Wire;

/// <summary>The connection under an answer, for what no HTTP server does by itself.</summary>
internal interface IWireConnection
{
    /// <summary>Writes bytes as they are.</summary>
    Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Sends what was written, then closes.</summary>
    Task CloseAsync(CancellationToken cancellationToken);

    /// <summary>Takes no more requests after those under way.</summary>
    void GoAway();

    /// <summary>Resets the stream of the request.</summary>
    void ResetStream(int code);
}
