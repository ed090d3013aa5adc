namespace IntegrationLayer.Sdk.Execution;

/// <summary>Makes single calls: no retries, no failover, no cache. Failures are <see cref="LlmException"/>; the token's own cancellation is not wrapped.</summary>
internal interface IModelGateway
{
    /// <summary>Sends a chat request and reads the whole answer.</summary>
    Task<GatewayResponse> SendAsync(GatewayCall call, CancellationToken cancellationToken);

    /// <summary>Sends a chat request and returns when the answer's status is known to be good and its stream is open.</summary>
    Task<GatewayStream> OpenStreamAsync(GatewayCall call, CancellationToken cancellationToken);

    /// <summary>Sends texts to be embedded.</summary>
    Task<GatewayEmbeddings> EmbedAsync(GatewayEmbeddingCall call, CancellationToken cancellationToken);
}
