using IntegrationLayer.Sdk.Budgets;

namespace IntegrationLayer.Sdk.Evaluations.BudgetRace;

/// <summary>
/// The limits of every call in the race: the budget that all spend, and an account which shows what was charged. With leases the account is the process's, since nobody leases
/// what a single call spends; otherwise it is the call's own.
/// </summary>
internal sealed class RaceBudget(decimal limitUsd, bool isLeased) : IBudgetPolicy, IBudgetHistory
{
    /// <summary>US dollars for a million tokens of input.</summary>
    public const decimal InputPrice = 1;

    /// <summary>US dollars for a million tokens of output.</summary>
    public const decimal OutputPrice = 1_000;

    private static readonly BudgetWindow Window = BudgetWindow.Year();

    /// <summary>Gets the budget that all spend.</summary>
    public BudgetLimit Shared { get; } = new(new BudgetScope(BudgetScopeKind.Tenant, "race"), limitUsd, Window);

    /// <summary>Gets a value indicating whether processes lease parts of the budget.</summary>
    public bool IsLeased => isLeased;

    /// <summary>Gets the account of a call or a process.</summary>
    public static BudgetLimit AccountOf(string name) => new(new BudgetScope(BudgetScopeKind.Tag, name, "race"), 1_000_000, Window);

    /// <summary>Gets what a provider bills for a call, in nano-US-dollars.</summary>
    public static long Bill(int inputTokens, int outputTokens) => BudgetAmount.ToNanoUsd(((inputTokens * InputPrice) + (outputTokens * OutputPrice)) / 1_000_000);

    public IReadOnlyList<BudgetLimit> GetLimits(LlmRequest request) => [Shared, AccountOf(request.Context.Tags[isLeased ? "process" : "call"])];

    // Redis starts empty and keeps what it has acknowledged.
    public ValueTask<decimal> GetUsedAsync(BudgetLimit limit, BudgetPeriod period, CancellationToken cancellationToken) => new(0m);
}
