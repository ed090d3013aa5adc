using System.Text.Json.Serialization;

namespace IntegrationLayer.Sdk.Budgets;

/// <summary>What happens when a budget can't pay for a call with the cap on the answer that it would have.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BudgetShortagePolicy>))]
public enum BudgetShortagePolicy
{
    /// <summary>The next choice is looked at, and if there is none, the request is denied.</summary>
    Deny = 0,

    /// <summary>
    /// Where the request sets no cap of its own, the call may go out with the one that answers of its operation by that model have turned out to need: about one answer
    /// in a hundred is longer than three quarters of it.
    /// </summary>
    LearnedCap,

    /// <summary>As <see cref="LearnedCap"/>; and before the request is denied, its cap, also one of its own, is halved as often as needed, down to <see cref="BudgetOptions.MinOutputTokens"/>.</summary>
    Shrink,
}
