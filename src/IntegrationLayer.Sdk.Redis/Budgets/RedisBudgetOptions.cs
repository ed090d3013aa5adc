namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>How budgets are shared through Redis. Checked when the application starts.</summary>
public sealed class RedisBudgetOptions
{
    /// <summary>Gets or sets how budgets are counted, and what happens while Redis is away.</summary>
    /// <value>The default is <see cref="RedisBudgetMode.Strict"/>.</value>
    public RedisBudgetMode Mode { get; set; }

    /// <summary>Gets or sets what to do with budgets that Redis knows nothing of.</summary>
    /// <value>The default is <see cref="UnknownBudgetPolicy.Rebuild"/>.</value>
    public UnknownBudgetPolicy Unknown { get; set; }

    /// <summary>Gets or sets how long an operation may take before Redis counts as away.</summary>
    /// <value>From 1 ms to 1 minute; the default is 250 ms.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Gets or sets how long requests are denied after Redis lost its data, so that calls under way end and are found in the usage records.</summary>
    /// <value>From zero to 1 hour; the default is 2 minutes, as long as a request may take by default.</value>
    public TimeSpan RebuildDelay { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Gets or sets the part of each limit that one process may spend while Redis is away, in the mode <see cref="RedisBudgetMode.Open"/>.</summary>
    /// <value>From 0 to 1; the default is 0.1. Several processes may together exceed the limit by as much each.</value>
    public decimal OpenAllowance { get; set; } = 0.1m;

    /// <summary>Gets or sets how long a process may spend what it has leased without reaching Redis, in the mode <see cref="RedisBudgetMode.Lease"/>. What a process that dies had leased is charged whole after that time.</summary>
    /// <value>From 2 seconds to 1 minute, and shorter than <see cref="RebuildDelay"/> where budgets are rebuilt; the default is 15 seconds.</value>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(15);
}
