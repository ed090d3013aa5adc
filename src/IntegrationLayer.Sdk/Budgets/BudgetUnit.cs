using System.Text.Json.Serialization;

namespace IntegrationLayer.Sdk.Budgets;

/// <summary>What a budget counts.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BudgetUnit>))]
public enum BudgetUnit
{
    /// <summary>US dollars; counted in billionths.</summary>
    Usd = 0,

    /// <summary>Tokens of input and output together.</summary>
    Tokens,

    /// <summary>Calls that a provider worked on.</summary>
    Requests,

    /// <summary>Calls under way at one time. Its window is <see cref="BudgetWindow.Total"/>.</summary>
    Concurrency,
}
