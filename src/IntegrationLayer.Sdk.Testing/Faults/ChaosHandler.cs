using Polly;

namespace IntegrationLayer.Sdk.Testing.Faults;

/// <summary>Sends requests through a pipeline of chaos strategies.</summary>
internal sealed class ChaosHandler(ResiliencePipeline<HttpResponseMessage> pipeline, Func<HttpRequestMessage, bool> appliesTo) : DelegatingHandler
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => appliesTo(request)
        ? await pipeline.ExecuteAsync(
            static async (call, cancellationToken) => await call.Handler.SendOnAsync(call.Request, cancellationToken).ConfigureAwait(false),
            (Handler: this, Request: request),
            cancellationToken).ConfigureAwait(false)
        : await base.SendAsync(request, cancellationToken).ConfigureAwait(false);

    private Task<HttpResponseMessage> SendOnAsync(HttpRequestMessage request, CancellationToken cancellationToken) => base.SendAsync(request, cancellationToken);
}
