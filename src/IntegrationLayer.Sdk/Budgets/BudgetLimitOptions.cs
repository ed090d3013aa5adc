namespace IntegrationLayer.Sdk.Budgets;

/// <summary>A limit as configuration writes it.</summary>
public sealed class BudgetLimitOptions
{
    /// <summary>Gets or sets who or what it belongs to: a kind and a name, such as <c>tenant:acme</c>, or <c>user:*</c> for a budget of each user's own.</summary>
    /// <value>The kinds are <c>org</c>, <c>tenant</c>, <c>team</c>, <c>user</c>, <c>key</c>, <c>model</c>, <c>provider</c>, <c>operation</c>, <c>tag</c>; a tag is written <c>tag:name=value</c>.</value>
    public string? Scope { get; set; }

    /// <summary>Gets or sets the most, in <see cref="Unit"/>.</summary>
    /// <value>Zero or more; whole unless the unit is US dollars.</value>
    public decimal? Amount { get; set; }

    /// <summary>Gets or sets what is counted.</summary>
    /// <value>The default is <see cref="BudgetUnit.Usd"/>.</value>
    public BudgetUnit Unit { get; set; }

    /// <summary>Gets or sets the time in which it counts.</summary>
    /// <value>Needed, except for <see cref="BudgetUnit.Concurrency"/>, which takes none.</value>
    public BudgetWindowKind? Per { get; set; }

    /// <summary>Gets or sets the length of a rolling window.</summary>
    /// <value>From 1 second to 366 days; for <see cref="BudgetWindowKind.Rolling"/> only.</value>
    public TimeSpan? Length { get; set; }

    /// <summary>Gets or sets the time zone of a calendar window, such as <c>Europe/Berlin</c>.</summary>
    /// <value>The default is UTC.</value>
    public string? TimeZone { get; set; }

    /// <summary>Gets or sets the day of the month on which months, quarters or years begin.</summary>
    /// <value>From 1 to 28; the default is 1.</value>
    public int? StartDay { get; set; }

    /// <summary>Gets or sets the month in which fiscal years begin, and which quarters are counted from.</summary>
    /// <value>From 1 to 12; the default is 1.</value>
    public int? StartMonth { get; set; }

    /// <summary>Gets or sets the day on which weeks begin.</summary>
    /// <value>The default is Monday.</value>
    public DayOfWeek? StartDayOfWeek { get; set; }

    /// <summary>Gets or sets a value indicating whether it only reports, and denies nothing.</summary>
    public bool Soft { get; set; }

    /// <summary>Gets the percentages of the amount that are reported when they are reached, once in each window.</summary>
    /// <value>From 1 to 1,000, rising, such as 50, 80, 100.</value>
    public IList<int> Thresholds { get; } = [];
}
