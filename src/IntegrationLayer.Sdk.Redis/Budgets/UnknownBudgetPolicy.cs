namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>What to do with budgets that Redis knows nothing of, because it is new, was emptied, or was restarted without its data.</summary>
public enum UnknownBudgetPolicy
{
    /// <summary>They are rebuilt from usage records; until that is done, requests are denied. Needs an <see cref="Sdk.Budgets.IBudgetHistory"/>.</summary>
    Rebuild = 0,

    /// <summary>They are taken for unspent: a Redis that loses its data lets every budget be spent once more.</summary>
    AssumeUnspent,
}
