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

    /// <summary>Reads to the next piece.</summary>
    public abstract ValueTask<bool> MoveNextAsync();

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
