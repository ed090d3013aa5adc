namespace IntegrationLayer.Sdk.Execution;

/// <summary>Makes single calls: no retries, no failover, no cache. Failures are <see cref="LlmException"/>; the token's own cancellation is not wrapped.</summary>
/// <remarks>Each answer is awaited once: implementations may pool what it runs on.</remarks>
internal interface IModelGateway
{
    /// <summary>Sends a chat request and reads the whole answer.</summary>
    ValueTask<GatewayResponse> SendAsync(GatewayCall call, CancellationToken cancellationToken);

    /// <summary>Sends a chat request and returns when the answer's status is known to be good and its stream is open.</summary>
    ValueTask<GatewayStream> OpenStreamAsync(GatewayCall call, CancellationToken cancellationToken);

    /// <summary>Sends texts to be embedded.</summary>
    ValueTask<GatewayEmbeddings> EmbedAsync(GatewayEmbeddingCall call, CancellationToken cancellationToken);
}
