using IntegrationLayer.Sdk.Budgets;

namespace IntegrationLayer.Sdk.Evaluations.BudgetRace;

/// <summary>The limits of every call in the race: the budget that all spend, and an account of its own, which shows what was charged for it.</summary>
internal sealed class RaceBudget(decimal limitUsd) : IBudgetPolicy, IBudgetHistory
{
    /// <summary>US dollars for a million tokens of input.</summary>
    public const decimal InputPrice = 1;

    /// <summary>US dollars for a million tokens of output.</summary>
    public const decimal OutputPrice = 1_000;

    private static readonly BudgetWindow Window = BudgetWindow.Year();

    /// <summary>Gets the budget that all spend.</summary>
    public BudgetLimit Shared { get; } = new(new BudgetScope(BudgetScopeKind.Tenant, "race"), limitUsd, Window);

    /// <summary>Gets the account of one call.</summary>
    public static BudgetLimit AccountOf(string call) => new(new BudgetScope(BudgetScopeKind.Tag, call, "race"), 1_000_000, Window);

    /// <summary>Gets what a provider bills for a call, in nano-US-dollars.</summary>
    public static long Bill(int inputTokens, int outputTokens) => BudgetAmount.ToNanoUsd(((inputTokens * InputPrice) + (outputTokens * OutputPrice)) / 1_000_000);

    public IReadOnlyList<BudgetLimit> GetLimits(LlmRequest request) => [Shared, AccountOf(request.Context.Tags["call"])];

    // Redis starts empty and keeps what it has acknowledged.
    public ValueTask<decimal> GetUsedAsync(BudgetLimit limit, BudgetPeriod period, CancellationToken cancellationToken) => new(0m);
}
