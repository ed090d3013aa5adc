using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Resilience;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>One of the two calls of a request that is hedged, with all that has to be given back when it ends.</summary>
internal sealed class Leg<T>(RankedDeployment target, CallTimer timer)
{
    private const int Preparing = 0;
    private const int Sent = 1;
    private const int GivenUp = 2;
    private int _state;

    public RankedDeployment Target { get; } = target;

    public CallTimer Timer { get; } = timer;

    public BudgetReservation Reservation { get; set; }

    public CallLease? Lease { get; set; }

    /// <summary>Gets or sets when it was sent, as a timestamp.</summary>
    public long SentAt { get; set; }

    /// <summary>Gets or sets the call.</summary>
    public Task<T> Task { get; set; } = null!;

    /// <summary>Gets a value indicating whether it was sent.</summary>
    public bool IsSent => Volatile.Read(ref _state) == Sent;

    /// <summary>Sends it, unless it was given up before.</summary>
    public bool TrySend() => Interlocked.CompareExchange(ref _state, Sent, Preparing) == Preparing;

    /// <summary>Gives it up, unless it was sent before.</summary>
    public bool TryGiveUp() => Interlocked.CompareExchange(ref _state, GivenUp, Preparing) == Preparing;
}
