namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>How leases are sized and renewed.</summary>
internal sealed record LeaseTuning
{
    /// <summary>Gets how often Redis is told what was used, and asked whether others need what lies idle.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Gets how long a block shall last.</summary>
    public TimeSpan Horizon { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets how many requests must have asked Redis within an interval before a lease is taken.</summary>
    public int Hot { get; init; } = 4;

    /// <summary>Gets for how many requests a block is at least.</summary>
    public int Fewest { get; init; } = 16;

    /// <summary>Gets for how many requests an addition must be.</summary>
    public int Least { get; init; } = 4;

    /// <summary>Gets which part of what is left may be lent to one process at once: one by this.</summary>
    public int Share { get; init; } = 8;

    /// <summary>Gets for how long nothing is lent after somebody needed what lay idle.</summary>
    public TimeSpan Recall { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets after how many intervals without a request a lease is given back.</summary>
    public int IdleLooks { get; init; } = 8;
}
