using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Execution;

/// <summary>An open stream of one call.</summary>
/// <remarks>
/// <see cref="MoveNextAsync"/> returns <see langword="false"/> only after a terminal event: anything else, a clean end included, is an
/// <see cref="LlmException"/>. Disposing closes the connection.
/// </remarks>
internal abstract class GatewayStream : IAsyncDisposable
{
    /// <summary>Gets what the headers said.</summary>
    public abstract GatewayInfo Info { get; }

    /// <summary>Gets the piece that the last <see cref="MoveNextAsync"/> found.</summary>
    public abstract LlmResponseUpdate Current { get; }

    /// <summary>Gets the usage reported so far: of each counter the largest value seen. <see langword="null"/> if none was reported.</summary>
    public abstract UsageDetails? Usage { get; }

    /// <summary>Gets how many bytes have come, as far as that is known.</summary>
    public virtual long BytesReceived => 0;

    /// <summary>Gets or sets what watches over the call.</summary>
    public virtual CallTimer? Timer { get; set; }

    /// <summary>Reads to the next piece.</summary>
    public abstract ValueTask<bool> MoveNextAsync();

    /// <summary>Gets a value indicating whether a tool call was begun that was not given out yet.</summary>
    public virtual bool HasOpenToolCall => false;

    /// <summary>Gives the tool calls that had come whole when the stream broke off, but were not given out yet.</summary>
    public virtual IReadOnlyList<FunctionCallContent> TakeWholeToolCalls() => [];

    /// <summary>Is told, before it is closed, why the stream is of no more use: not that its caller has given up.</summary>
    public virtual void Failed(LlmException failure)
    {
    }

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>Says that the model is writing something that isn't given out yet, such as a tool call.</summary>
    protected void ReportProgress() => Timer?.Progress();
}
