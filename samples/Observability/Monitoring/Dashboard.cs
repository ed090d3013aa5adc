namespace Observability.Monitoring;

/// <summary>The dashboard's panels: rate, errors and duration on top, causes below.</summary>
internal static class Dashboard
{
    private const string Requests = "integration_layer_llm_requests_total";
    private const string Rate = "[$__rate_interval]";

    public static readonly string[] Rows =
    [
        "Service level", "Traffic and errors", "Where the time goes", "Cost", "Tokens", "Budgets", "Cache", "Routing and resilience", "Transport", "Security and records",
        "Gateways and events", "SDK health",
    ];

    public static readonly Panel[] Panels =
    [
        new("Service level", "Availability, 30 days", "The part of the requests that the SDK answered; cancelled and denied ones don't count.", "percentunit", ("availability", "1 - integration_layer:error_ratio:rate30d")) { Kind = "stat" },
        new("Service level", "Burn rate", "How many times faster than allowed errors use up the month's 0.1 %. Above 14.4 somebody is called.", "none", ("1 h", "integration_layer:error_ratio:rate1h / 0.001"), ("6 h", "integration_layer:error_ratio:rate6h / 0.001")),
        new("Service level", "Duration", "What callers wait for, by percentile.", "s", ("p50", Quantile(0.5, "integration_layer_llm_request_duration_seconds")), ("p95", Quantile(0.95, "integration_layer_llm_request_duration_seconds")), ("p99", Quantile(0.99, "integration_layer_llm_request_duration_seconds"))),
        new("Service level", "Time to the first chunk, p95", "How long readers of streams look at nothing.", "s", ("p95", Quantile(0.95, "gen_ai_client_operation_time_to_first_chunk_seconds"))),
        new("Traffic and errors", "Requests by outcome", "All requests, sent or not.", "reqps", ("{{integration_layer_outcome}}", Sum(Requests, "integration_layer_outcome"))),
        new("Traffic and errors", "Failures by type", "What failed, and how.", "reqps", ("{{error_type}}", $"sum by (error_type) (rate({Requests}{{error_type!=\"\"}}{Rate}))")),
        new("Traffic and errors", "Answers by finish reason", "Many of length: the cap on the answer is too low.", "reqps", ("{{gen_ai_response_finish_reason}}", Sum("integration_layer_llm_responses_total", "gen_ai_response_finish_reason"))),
        new("Traffic and errors", "Under way", "Requests that wait for an answer now.", "none", ("{{integration_layer_operation}}", "sum by (integration_layer_operation) (integration_layer_llm_request_active)")),
        new("Where the time goes", "Stages, mean", "What a stage of a request takes.", "s", ("{{integration_layer_stage}}", $"sum by (integration_layer_stage) (rate(integration_layer_stage_duration_seconds_sum{Rate})) / sum by (integration_layer_stage) (rate(integration_layer_stage_duration_seconds_count{Rate}))")),
        new("Where the time goes", "Overhead, p99", "The SDK's own part of a request.", "s", ("p99", Quantile(0.99, "integration_layer_llm_overhead_duration_seconds"))),
        new("Where the time goes", "Consumers of streams, p95", "How long readers have the turn: while they read, nothing else can come.", "s", ("p95", Quantile(0.95, "integration_layer_stream_consumer_wait_duration_seconds"))),
        new("Where the time goes", "Longest gap in streams, p95", "How long streams fall silent.", "s", ("p95", Quantile(0.95, "integration_layer_stream_gap_max_seconds"))),
        new("Cost", "Dollars an hour by model", "What is spent now.", "currencyUSD", ("{{gen_ai_request_model}}", $"sum by (gen_ai_request_model) (rate(integration_layer_cost_total{Rate})) * 3600")),
        new("Cost", "Cost of a request, p95", "What the dearest requests cost.", "currencyUSD", ("p95", Quantile(0.95, "integration_layer_cost_per_request"))),
        new("Cost", "Saved, dollars an hour", "What the cache, providers' caches and routing spare.", "currencyUSD", ("{{integration_layer_reason}}", $"sum by (integration_layer_reason) (rate(integration_layer_cost_saved_total{Rate})) * 3600")),
        new("Cost", "Wasted, dollars an hour", "Paid for calls that came to nothing.", "currencyUSD", ("wasted", Rare($"sum(rate(integration_layer_cost_wasted_total{Rate})) * 3600"))),
        new("Cost", "Without an exact price", "Requests whose cost is a bound or unknown.", "reqps", ("{{integration_layer_reason}}", Rare($"sum by (integration_layer_reason) (rate(integration_layer_cost_unpriced_total{Rate}))"))),
        new("Cost", "This day at this rate", "What a day costs if it goes on like the last hour.", "currencyUSD", ("forecast", "sum(rate(integration_layer_cost_total[1h])) * 86400")),
        new("Tokens", "Tokens a second", "Billable tokens.", "none", ("{{gen_ai_token_type}}", $"sum by (gen_ai_token_type) (rate(gen_ai_client_token_usage_sum{Rate}))")),
        new("Tokens", "Context in use, p95", "Near 1, conversations are about to be turned away.", "percentunit", ("p95", Quantile(0.95, "integration_layer_tokens_context_utilization"))),
        new("Tokens", "Counts by source", "Where token counts come from. None: bills can't be checked.", "reqps", ("{{integration_layer_usage_source}}", Sum("integration_layer_tokens_usage_source_total", "integration_layer_usage_source"))),
        new("Budgets", "Used", "The used part of the listed budgets.", "percentunit", ("{{integration_layer_budget_name}}", "max by (integration_layer_budget_name) (integration_layer_budget_utilization)")),
        new("Budgets", "Decisions", "What limits allow and deny.", "reqps", ("{{integration_layer_decision}}", Sum("integration_layer_budget_decisions_total", "integration_layer_decision"))),
        new("Budgets", "Held back", "Money for calls under way.", "currencyUSD", ("held", "sum(integration_layer_budget_reserved)")),
        new("Budgets", "Overspent", "Has to be zero: money that calls cost beyond what was held back.", "currencyUSD", ("overspent", Rare("sum(integration_layer_budget_overspend_total)"))) { Kind = "stat" },
        new("Budgets", "Settlements", "How reservations end.", "reqps", ("{{integration_layer_outcome}}", Sum("integration_layer_budget_settlements_total", "integration_layer_outcome"))),
        new("Cache", "Hit ratio by level", "The part of the looks that found an answer.", "percentunit", ("{{integration_layer_cache_level}}", $"sum by (integration_layer_cache_level) (rate(integration_layer_cache_lookups_total{{integration_layer_cache_result=~\"hit|stale\"}}{Rate})) / sum by (integration_layer_cache_level) (rate(integration_layer_cache_lookups_total{Rate}))")),
        new("Cache", "Age at a hit, p95", "How old answers are when they are given.", "s", ("p95", Quantile(0.95, "integration_layer_cache_entry_age_seconds"))),
        new("Cache", "Similarity of the nearest question", "The closer to 1 misses are, the more could be answered.", "none", ("{{le}}", $"sum by (le) (rate(integration_layer_cache_semantic_similarity_bucket{Rate}))")) { Kind = "heatmap" },
        new("Cache", "Joined", "Requests that were given the answer of an identical one under way.", "reqps", ("joined", Rare($"sum(rate(integration_layer_cache_stampede_joins_total{Rate}))"))),
        new("Routing and resilience", "Calls by deployment", "Where calls go.", "reqps", ("{{integration_layer_deployment}}", Sum("integration_layer_route_decisions_total", "integration_layer_deployment"))),
        new("Routing and resilience", "Calls for a request, mean", "Above 1, providers fail.", "none", ("mean", $"sum(rate(integration_layer_attempts_sum{Rate})) / sum(rate(integration_layer_attempts_count{Rate}))")),
        new("Routing and resilience", "Retries", "Calls repeated, by what failed.", "reqps", ("{{error_type}}", Sum("integration_layer_retries_total", "error_type"))),
        new("Routing and resilience", "Fallbacks", "Calls sent to somebody else.", "reqps", ("to {{integration_layer_fallback_to}}", Rare($"sum by (integration_layer_fallback_to) (rate(integration_layer_fallbacks_total{Rate}))"))),
        new("Routing and resilience", "Health", "0 is well, 1 on trial, 2 gets no calls.", "none", ("{{integration_layer_health_name}}", "max by (integration_layer_health_name) (integration_layer_circuit_state)")) { Kind = "state-timeline" },
        new("Routing and resilience", "Retry budget in use", "At 1, nothing more is repeated.", "percentunit", ("used", "max(integration_layer_retry_budget_utilization)")),
        new("Transport", "Answers by status", "What the gateway answers.", "reqps", ("{{http_response_status_code}}", Sum("integration_layer_gateway_responses_total", "http_response_status_code"))),
        new("Transport", "Open connections", "To the gateway, by state.", "none", ("{{http_connection_state}}", "sum by (http_connection_state) (http_client_open_connections)")),
        new("Transport", "Waiting for a connection, p95", "Above a few milliseconds there are too few.", "s", ("p95", "histogram_quantile(0.95, sum by (le) (http_client_request_time_in_queue_seconds_bucket))")),
        new("Transport", "Looking up names, p95", "What DNS takes.", "s", ("p95", "histogram_quantile(0.95, sum by (le) (dns_lookup_duration_seconds_bucket))")),
        new("Security and records", "Credentials in use", "Calls by the account whose credential they bear.", "reqps", ("{{integration_layer_account}}", Sum("integration_layer_credential_uses_total", "integration_layer_account"))),
        new("Security and records", "Usage records", "Written; what is dropped can't be billed.", "reqps", ("written", $"sum(rate(integration_layer_usage_record_writes_total{Rate}))"), ("dropped", Rare($"sum(rate(integration_layer_usage_record_dropped_total{Rate}))"))),
        new("Gateways and events", "Calls of the gateway's own, mean", "Above 1, something between repeats calls.", "none", ("mean", $"sum(rate(integration_layer_gateway_attempts_sum{Rate})) / sum(rate(integration_layer_gateway_attempts_count{Rate}))")),
        new("Gateways and events", "Waiting for a place, p95", "How long calls wait for others to end.", "s", ("p95", Rare(Quantile(0.95, "integration_layer_queue_wait_duration_seconds")))),
        new("Gateways and events", "Endpoints passed over", "Calls that couldn't be sent to an endpoint.", "reqps", ("passed over", Rare($"sum(rate(integration_layer_gateway_failovers_total{Rate}))"))),
        new("SDK health", "Time series", "How many there are: bounded by declaration.", "none", ("series", "count({__name__=~\"integration_layer_.*|gen_ai_.*\"})")),
        new("SDK health", "Overflow", "Has to be zero: series that the OpenTelemetry SDK had to fold together.", "none", ("overflow", Rare("count({otel_metric_overflow=\"true\"})"))) { Kind = "stat" },
        new("SDK health", "Garbage collections", "By generation.", "ops", ("{{gc_heap_generation}}", $"sum by (gc_heap_generation) (rate(dotnet_gc_collections_total{Rate}))")),
        new("SDK health", "Queue of the thread pool", "Above zero for long, the process is too busy.", "none", ("queue", "max(dotnet_thread_pool_queue_length_total)")),
    ];

    private static string Quantile(double share, string histogram) =>
        FormattableString.Invariant($"histogram_quantile({share}, sum by (le) (rate({histogram}_bucket{Rate})))");

    private static string Sum(string counter, string label) => $"sum by ({label}) (rate({counter}{Rate}))";

    // What happens seldom has no series before it happens.
    private static string Rare(string expression) => $"{expression} or vector(0)";
}
