using System.Text.Json.Serialization;

namespace IntegrationLayer.Sdk.Budgets;

/// <summary>How the time is cut in which a budget counts.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BudgetWindowKind>))]
public enum BudgetWindowKind
{
    /// <summary>All time: never renewed.</summary>
    Total = 0,

    /// <summary>The last hours, minutes or seconds, at every moment.</summary>
    Rolling,

    /// <summary>Days of a time zone.</summary>
    Day,

    /// <summary>Weeks of a time zone.</summary>
    Week,

    /// <summary>Months of a time zone, from a day of the month.</summary>
    Month,

    /// <summary>Quarters of a time zone's fiscal year.</summary>
    Quarter,

    /// <summary>Fiscal years of a time zone, from a day and a month.</summary>
    Year,
}
