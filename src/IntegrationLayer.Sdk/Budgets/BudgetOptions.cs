namespace IntegrationLayer.Sdk.Budgets;

/// <summary>The budgets that hold for all requests.</summary>
public sealed class BudgetOptions
{
    /// <summary>Gets the limits. A request counts against every one whose scope it belongs to, at most 64.</summary>
    public IList<BudgetLimitOptions> Limits { get; } = [];

    /// <summary>Gets or sets what happens when a budget can't pay for a call with the cap on the answer that it would have.</summary>
    /// <value>The default is <see cref="BudgetShortagePolicy.LearnedCap"/>.</value>
    public BudgetShortagePolicy WhenShort { get; set; } = BudgetShortagePolicy.LearnedCap;

    /// <summary>Gets or sets the smallest cap, in tokens, that <see cref="BudgetShortagePolicy.Shrink"/> reduces one to.</summary>
    /// <value>From 1 to 10,000,000; the default is 256.</value>
    public int MinOutputTokens { get; set; } = 256;
}
