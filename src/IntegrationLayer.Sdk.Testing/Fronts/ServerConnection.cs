using System.IO.Pipelines;
using IntegrationLayer.Sdk.Testing.Wire;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace IntegrationLayer.Sdk.Testing.Fronts;

/// <summary>The connection under an answer of the server. While nothing was written of an answer, the HTTP server leaves it alone.</summary>
internal sealed class ServerConnection(HttpContext context) : IWireConnection
{
    private PipeWriter Output => context.Features.GetRequiredFeature<IConnectionTransportFeature>().Transport.Output;

    /// <inheritdoc/>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        FlushResult flushed = await Output.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        if (flushed.IsCompleted)
        {
            throw new OperationCanceledException("The reader has gone.");
        }
    }

    /// <inheritdoc/>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        CancellationToken connectionClosed = context.Features.GetRequiredFeature<IConnectionLifetimeFeature>().ConnectionClosed;
        using CancellationTokenRegistration registration = connectionClosed.UnsafeRegister(static closed => ((TaskCompletionSource)closed!).TrySetResult(), closed);
        await Output.CompleteAsync().ConfigureAwait(false);
        await closed.Task.ConfigureAwait(false);
        context.Abort();
    }

    /// <inheritdoc/>
    public void GoAway() => context.Features.GetRequiredFeature<IConnectionLifetimeNotificationFeature>().RequestClose();

    /// <inheritdoc/>
    public void ResetStream(int code) => context.Features.GetRequiredFeature<IHttpResetFeature>().Reset(code);
}
