using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Redis.Budgets;

namespace IntegrationLayer.Sdk.Redis.Tests.Budgets;

/// <summary>A ledger that leases as soon and as much as it can, and tells Redis of everything at once, so that each operation of a test goes through leases.</summary>
internal sealed class PromptLedger(LeasingBudgetLedger ledger) : IBudgetLedger, IAsyncDisposable
{
    public static LeaseTuning Eager { get; } = new() { Hot = 1, Fewest = 1, Least = 1, Share = 2, Recall = TimeSpan.Zero, IdleLooks = 2 };

    public bool HasLeases => ledger.Book.HasLeases;

    public async ValueTask<BudgetReservation> ReserveAsync(BudgetDemand demand, CancellationToken cancellationToken)
    {
        try
        {
            return await ledger.ReserveAsync(demand, cancellationToken);
        }
        finally
        {
            await RenewAsync();
        }
    }

    public async ValueTask<BudgetReservation> ReplaceAsync(BudgetReservation reservation, BudgetAmount spent, BudgetDemand demand, CancellationToken cancellationToken)
    {
        try
        {
            return await ledger.ReplaceAsync(reservation, spent, demand, cancellationToken);
        }
        finally
        {
            await RenewAsync();
        }
    }

    public ValueTask MarkSentAsync(BudgetReservation reservation, CancellationToken cancellationToken) => ledger.MarkSentAsync(reservation, cancellationToken);

    public async ValueTask SettleAsync(BudgetReservation reservation, BudgetAmount spent, CancellationToken cancellationToken)
    {
        await ledger.SettleAsync(reservation, spent, cancellationToken);
        await RenewAsync();
    }

    public ValueTask<IReadOnlyList<BudgetUsage>> GetUsageAsync(IReadOnlyList<BudgetLimit> limits, CancellationToken cancellationToken) => ledger.GetUsageAsync(limits, cancellationToken);

    public ValueTask DisposeAsync() => ledger.DisposeAsync();

    public async Task RenewAsync()
    {
        await ledger.Keeper.RenewAsync(CancellationToken.None);
        await ledger.Keeper.SettleAsync();
    }
}
