using IntegrationLayer.Sdk.Budgets;

namespace IntegrationLayer.Sdk.TestSupport.Budgets;

/// <summary>Makes limits, amounts and demands in few words.</summary>
public static class Demands
{
    /// <summary>How long reservations of tests live.</summary>
    public static TimeSpan TimeToLive { get; } = TimeSpan.FromMinutes(3);

    /// <summary>A tenant's limit in US dollars per day.</summary>
    public static BudgetLimit Daily(string tenant, decimal usd) => new(new BudgetScope(BudgetScopeKind.Tenant, tenant), usd, BudgetWindow.Day());

    /// <summary>A user's limit in US dollars per day, within a tenant.</summary>
    public static BudgetLimit DailyOfUser(string tenant, string user, decimal usd) =>
        new(new BudgetScope(BudgetScopeKind.User, user, tenant), usd, BudgetWindow.Day());

    /// <summary>An amount in US dollars.</summary>
    public static BudgetAmount Usd(decimal usd, long tokens = 0) => new(usd, tokens);

    /// <summary>A demand of amounts in US dollars, best first.</summary>
    public static BudgetDemand Of(IReadOnlyList<BudgetLimit> limits, params decimal[] usd) =>
        new(limits, [.. usd.Select(amount => new BudgetChoice(Usd(amount)))], TimeToLive);

    /// <summary>A demand of amounts, best first.</summary>
    public static BudgetDemand Of(IReadOnlyList<BudgetLimit> limits, params BudgetAmount[] amounts) =>
        new(limits, [.. amounts.Select(amount => new BudgetChoice(amount))], TimeToLive);

    /// <summary>Holds back an amount in US dollars.</summary>
    public static ValueTask<BudgetReservation> ReserveAsync(this IBudgetLedger ledger, decimal usd, params BudgetLimit[] limits) =>
        ledger.ReserveAsync(Of(limits, usd), CancellationToken.None);

    /// <summary>Settles in US dollars.</summary>
    public static ValueTask SettleAsync(this IBudgetLedger ledger, BudgetReservation reservation, decimal usd) =>
        ledger.SettleAsync(reservation, Usd(usd), CancellationToken.None);

    /// <summary>Tells what is used and held of one limit.</summary>
    public static async Task<(decimal Used, decimal Held)> UsageOfAsync(this IBudgetLedger ledger, BudgetLimit limit)
    {
        BudgetUsage usage = (await ledger.GetUsageAsync([limit], CancellationToken.None))[0];
        return (usage.Used, usage.Held);
    }
}
