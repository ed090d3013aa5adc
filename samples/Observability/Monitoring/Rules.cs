namespace Observability.Monitoring;

/// <summary>The recording rules and alerts: the SRE workbook's burn rates for 99.9 % in 30 days, and what must never happen.</summary>
internal static class Rules
{
    private const string Requests = "integration_layer_llm_requests_total";

    public static readonly string[] Windows = ["5m", "30m", "1h", "6h", "3d", "30d"];

    public static readonly Alert[] Alerts =
    [
        new("IntegrationLayerBurnsFast", Burn("14.4", "1h", "5m"), "2m", "page", "Errors use up 2 % of the month's budget an hour."),
        new("IntegrationLayerBurns", Burn("6", "6h", "30m"), "15m", "page", "Errors use up 5 % of the month's budget in six hours."),
        new("IntegrationLayerBurnsSlowly", Burn("1", "3d", "6h"), "1h", "ticket", "Errors use up 10 % of the month's budget in three days."),
        new("IntegrationLayerOverspent", Never("integration_layer_budget_overspend_total"), "0m", "page", "A call cost more than was held back for it."),
        new("IntegrationLayerUsageRecordsLost", Never("integration_layer_usage_record_dropped_total"), "0m", "page", "Usage records were lost: they can't be billed."),
        new("IntegrationLayerSettlementsFail", Never("integration_layer_settle_failures_total"), "0m", "page", "The budget ledger fails to take settlements."),
        new("IntegrationLayerUnpriced", $"sum(rate(integration_layer_cost_unpriced_total[1h])) / sum(rate({Requests}[1h])) > 0.001", "15m", "ticket", "More than 0.1 % of the requests have no exact price."),
        new("IntegrationLayerCircuitOpen", "max by (integration_layer_health_kind, integration_layer_health_name) (integration_layer_circuit_state) == 2", "5m", "ticket", "{{ $labels.integration_layer_health_name }} gets no calls."),
        new("IntegrationLayerSeriesOverflow", "count({otel_metric_overflow=\"true\"}) > 0", "0m", "ticket", "Time series were folded together: sums by attribute are wrong."),
        new("IntegrationLayerCostSpike", "sum(rate(integration_layer_cost_total[1h])) > 3 * sum(rate(integration_layer_cost_total[1d] offset 1h)) and on() count(integration_layer_cost_total offset 25h) > 0", "15m", "ticket", "Three times as much is spent as the day before."),
        new("IntegrationLayerBudgetRunsOut", "predict_linear(integration_layer_budget_utilization[1h], 4 * 3600) >= 1", "15m", "ticket", "The budget {{ $labels.integration_layer_budget_name }} will be used up within four hours."),
        new("IntegrationLayerEventsDropped", Never("integration_layer_events_dropped_total"), "0m", "ticket", "A subscriber is too slow for the SDK's events."),
    ];

    // Cancelled and denied requests are nobody's failure; what a caller does wrong is the caller's.
    private const string Callers = "error_type!~\"invalid_request|context_length|content_policy|guardrail_denied\"";

    public static string ErrorRatio(string window) =>
        $"(sum(rate({Requests}{{integration_layer_outcome=\"error\",{Callers}}}[{window}])) or vector(0)) / sum(rate({Requests}{{integration_layer_outcome!~\"cancelled|denied\",{Callers}}}[{window}]))";

    private static string Burn(string factor, string longer, string shorter) =>
        $"integration_layer:error_ratio:rate{longer} > {factor} * 0.001 and integration_layer:error_ratio:rate{shorter} > {factor} * 0.001";

    // A counter's first value is no increase to Prometheus: a series that wasn't there before counts as one.
    private static string Never(string counter) => $"sum(increase({counter}[10m])) > 0 or sum({counter} > 0 unless {counter} offset 10m) > 0";

    internal sealed record Alert(string Name, string Expression, string For, string Severity, string Summary);
}
