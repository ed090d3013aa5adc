namespace IntegrationLayer.Sdk.Budgets;

/// <summary>What a reservation holds against one limit.</summary>
/// <param name="limit">The limit.</param>
/// <param name="index">Its position among the limits of the demand.</param>
internal struct HeldCount(CountedLimit limit, int index)
{
    public readonly CountedLimit Limit = limit;

    public readonly int Index = index;

    /// <summary>What is held; zero where another limit of the same counter holds it, or the choice doesn't count.</summary>
    public long Count;

    /// <summary>Whether it counts in the limit's counter.</summary>
    public bool IsCounted;

    /// <summary>The window that it is held in.</summary>
    public long Window;
}
