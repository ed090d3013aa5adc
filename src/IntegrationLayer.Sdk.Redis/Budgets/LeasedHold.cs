using IntegrationLayer.Sdk.Budgets;

namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>A reservation out of leases. Guarded by the lock of the <see cref="LeaseBook"/>.</summary>
/// <param name="entries">The leases, and what is held in each.</param>
/// <param name="until">The timestamp from which on it is expired.</param>
internal sealed class LeasedHold((Lease Lease, long Count)[] entries, long until)
{
    public (Lease Lease, long Count)[] Entries => entries;

    public long Until => until;

    /// <summary>Gets what was granted.</summary>
    public BudgetAmount Granted { get; init; }

    public bool IsSent { get; set; }

    /// <summary>Gets or sets a value indicating whether it expired; a late settlement still corrects what it was charged.</summary>
    public bool HasExpired { get; set; }

    public bool IsClosed { get; set; }

    /// <summary>Gets or sets the neighbours among all that are open.</summary>
    public LeasedHold? Next { get; set; }

    public LeasedHold? Previous { get; set; }
}
