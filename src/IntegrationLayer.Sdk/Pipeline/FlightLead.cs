using IntegrationLayer.Sdk.Caching;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>The stream of who made a call that others may join.</summary>
internal sealed class FlightLead : IAsyncDisposable
{
    private readonly Flight _flight;
    private readonly FlightReader _reader;
    private readonly Task _pumping;

    /// <summary>Initializes a new instance of the <see cref="FlightLead"/> class.</summary>
    /// <param name="flight">The call.</param>
    /// <param name="pump">Reads a stream for all.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="cancellationToken">Ends the reading, and the call if nobody else wants it.</param>
    public FlightLead(
        Flight flight,
        Func<Flight, IAsyncEnumerable<LlmResponseUpdate>, Task> pump,
        IAsyncEnumerable<LlmResponseUpdate> stream,
        CancellationToken cancellationToken)
    {
        _flight = flight;
        _reader = new FlightReader(flight.Shared, isLeader: true, cancellationToken);
        _pumping = pump(flight, stream);
    }

    public LlmResponseUpdate Current => _reader.Current;

    /// <summary>Moves to the next update.</summary>
    /// <returns><see langword="false"/> at the end, however the call ended.</returns>
    public ValueTask<bool> MoveNextAsync() => _reader.MoveNextAsync();

    /// <summary>Leaves the call. Whoever is the last to do so sees it end.</summary>
    public async ValueTask DisposeAsync()
    {
        _reader.Dispose();
        if (!_flight.Leave(unlessLast: false))
        {
            await _pumping.ConfigureAwait(false);
        }
    }
}
