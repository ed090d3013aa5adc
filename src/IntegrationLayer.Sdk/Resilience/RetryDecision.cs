using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Resilience;

/// <summary>What to do after a failure.</summary>
/// <param name="Standby">Who may be called next, in order; nobody if the request has failed.</param>
/// <param name="Delay">How long to wait before that.</param>
internal readonly record struct RetryDecision(IReadOnlyList<RankedDeployment> Standby, TimeSpan Delay)
{
    /// <summary>Gets the decision that the request has failed.</summary>
    public static RetryDecision Stop { get; } = new([], TimeSpan.Zero);
}
