namespace IntegrationLayer.Sdk.Budgets;

/// <summary>What a request asks of its budgets.</summary>
/// <param name="Limits">The limits that cover it; from 1 to 64.</param>
/// <param name="Choices">The ways to serve it, in order of preference; at least one. The list may reckon each when it is asked for.</param>
/// <param name="TimeToLive">How long the reservation holds if nobody settles it, over zero: longer than the call can take.</param>
public readonly record struct BudgetDemand(IReadOnlyList<BudgetLimit> Limits, IReadOnlyList<BudgetChoice> Choices, TimeSpan TimeToLive)
{
    /// <summary>The most limits that may cover one request.</summary>
    public const int MaxLimits = 64;

    /// <summary>Refuses what no ledger can work with.</summary>
    /// <exception cref="ArgumentException">There is no limit, no choice, more than 64 limits, or no time to live.</exception>
    public void Check()
    {
        if (Limits is not { Count: >= 1 and <= MaxLimits })
        {
            throw new ArgumentException($"{Limits?.Count ?? 0} limits cover the request; a reservation takes from 1 to {MaxLimits}.");
        }

        if (Choices is not { Count: >= 1 })
        {
            throw new ArgumentException("The request has no choice to reserve for; give at least one amount.");
        }

        if (TimeToLive <= TimeSpan.Zero)
        {
            throw new ArgumentException($"The reservation would live for {TimeToLive}; give it longer than the call may take.");
        }
    }
}
