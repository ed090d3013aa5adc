namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>What it means if a settlement finds nothing held.</summary>
internal enum SettleTry
{
    /// <summary>Redis lost it: what was used is counted nevertheless.</summary>
    First = 0,

    /// <summary>An earlier try, whose answer was lost, had its effect.</summary>
    Repeated,

    /// <summary>It never was: it is counted unless an earlier try did so.</summary>
    Uncounted,
}
