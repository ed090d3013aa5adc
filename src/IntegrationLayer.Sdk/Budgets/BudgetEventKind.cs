using System.Text.Json.Serialization;

namespace IntegrationLayer.Sdk.Budgets;

/// <summary>What happened to a budget.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BudgetEventKind>))]
public enum BudgetEventKind
{
    /// <summary>What was used has reached one of the limit's thresholds. Reported once in each window.</summary>
    ThresholdReached = 0,

    /// <summary>Reservations expired without being settled: whoever made them died.</summary>
    ReservationExpired,

    /// <summary>A request went on although the shared ledger could not be asked.</summary>
    ServedUncounted,
}
