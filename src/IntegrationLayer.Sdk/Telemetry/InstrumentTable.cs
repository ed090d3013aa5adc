using static IntegrationLayer.Sdk.Telemetry.Attributes;
using static IntegrationLayer.Sdk.Telemetry.InstrumentKind;
using static IntegrationLayer.Sdk.Telemetry.TelemetryLevel;

namespace IntegrationLayer.Sdk.Telemetry;

/// <summary>Every instrument, in one table: what isn't here is not recorded, and docs/metrics.md is written from it.</summary>
internal static class InstrumentTable
{
    // Advised by the convention.
    private static readonly double[] Durations = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
    private static readonly double[] TokenCounts = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];

    private static readonly double[] Moments = [0.000005, 0.00001, 0.00002, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.25, 1];
    private static readonly double[] Counts = [0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64, 128, 512];
    private static readonly double[] Sizes = [256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216];
    private static readonly double[] Shares = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 1];
    private static readonly double[] Errors = [-4, -2, -1, -0.5, -0.25, -0.1, 0, 0.1, 0.25, 0.5, 1];
    private static readonly double[] Amounts = [0.00001, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5];
    private static readonly double[] Differences = [-1, -0.1, -0.01, -0.001, -0.0001, 0, 0.0001, 0.001, 0.01, 0.1, 1];
    private static readonly double[] Rates = [1, 5, 10, 20, 40, 60, 80, 100, 150, 200, 400, 800];
    private static readonly double[] Ages = [1, 10, 60, 300, 900, 3600, 14400, 86400, 604800];

    private static readonly AttributeSpec[] Deployed = [Kind with { Maximum = 1 }, Provider, Model];
    private static readonly AttributeSpec[] Asked = [Kind, Operation];

    // The request.
    public static readonly InstrumentSpec Requests = Of(1, Minimal, Counter, "integration_layer.llm.requests", "{request}", "Requests, sent or not, by how they ended.", [.. Asked, Outcome with { Maximum = 1 }, Error, Tenant]);
    public static readonly InstrumentSpec ActiveRequests = Of(2, Full, UpDownCounter, "integration_layer.llm.request.active", "{request}", "Requests under way.", Asked);
    public static readonly InstrumentSpec RequestDuration = Of(3, Minimal, Histogram, "integration_layer.llm.request.duration", "s", "The time that the caller waited.", [.. Asked, Outcome, Attributes.Stream], Durations);
    public static readonly InstrumentSpec OperationDuration = Of(4, Minimal, Histogram, "gen_ai.client.operation.duration", "s", "The call that answered, or the last one that failed.", [.. Deployed, Error], Durations) with { LatestName = "gen_ai.client.inference.duration" };
    public static readonly InstrumentSpec Overhead = Of(5, Standard, Histogram, "integration_layer.llm.overhead.duration", "s", "The part of a request that the SDK took itself: neither the gateway's nor the consumer's.", Asked, Moments);
    public static readonly InstrumentSpec StageDuration = Of(6, Full, Histogram, "integration_layer.stage.duration", "s", "How long a stage of a request took.", [Stage, Result], Moments);
    public static readonly InstrumentSpec QueueWait = Of(7, Standard, Histogram, "integration_layer.queue.wait.duration", "s", "How long calls waited for others to end, of those that had to.", [Gateway], Durations);
    public static readonly InstrumentSpec QueueRejections = Of(7, Standard, Counter, "integration_layer.queue.rejections", "{call}", "Calls turned away, because as many as may wait were waiting.", [Gateway]);
    public static readonly InstrumentSpec DeadlineRemaining = Of(8, Full, Histogram, "integration_layer.deadline.remaining", "s", "What was left of the deadline when a request ended.", [.. Asked, Outcome], Durations);
    public static readonly InstrumentSpec Messages = Of(9, Full, Histogram, "integration_layer.llm.request.messages", "{message}", "Messages of a request.", Asked, Counts);
    public static readonly InstrumentSpec Tools = Of(10, Full, Histogram, "integration_layer.llm.request.tools", "{tool}", "Tools that a request offered.", Asked, Counts);
    public static readonly InstrumentSpec MaxOutputTokens = Of(11, Full, Histogram, "integration_layer.llm.request.max_output_tokens", "{token}", "The cap on the answer, the caller's or the SDK's.", Deployed, TokenCounts);
    public static readonly InstrumentSpec Responses = Of(12, Full, Counter, "integration_layer.llm.responses", "{response}", "Answers, by why the model stopped.", [.. Deployed, FinishReason]);
    public static readonly InstrumentSpec ToolCalls = Of(13, Full, Histogram, "integration_layer.llm.response.tool_calls", "{call}", "Tools that an answer called.", Deployed, Counts);

    // Tokens.
    public static readonly InstrumentSpec Tokens = Of(14, Minimal, Histogram, "gen_ai.client.token.usage", "{token}", "Billable tokens of a call, where the provider counted them.", [.. Deployed, TokenType], TokenCounts) with { IsReplacedInLatest = true };
    public static readonly InstrumentSpec LatestInput = Latest(15, Counter, "gen_ai.client.inference.usage.input_tokens", "Input tokens; 0 of an unknown modality if nobody counted them.", Modality);
    public static readonly InstrumentSpec LatestOutput = Latest(16, Counter, "gen_ai.client.inference.usage.output_tokens", "Output tokens.", Modality);
    public static readonly InstrumentSpec LatestCacheRead = Latest(17, Counter, "gen_ai.client.inference.usage.cache_read.input_tokens", "Input tokens read from the provider's prompt cache.", Modality);
    public static readonly InstrumentSpec LatestCacheWrite = Latest(18, Counter, "gen_ai.client.inference.usage.cache_write.input_tokens", "Input tokens written to the provider's prompt cache.", Modality);
    public static readonly InstrumentSpec LatestReasoning = Latest(19, Counter, "gen_ai.client.inference.usage.reasoning.output_tokens", "Output tokens spent on reasoning.", Modality);
    public static readonly InstrumentSpec LatestInputSize = Latest(20, Histogram, "gen_ai.client.inference.operation.input_tokens", "Input tokens of a call.");
    public static readonly InstrumentSpec LatestOutputSize = Latest(21, Histogram, "gen_ai.client.inference.operation.output_tokens", "Output tokens of a call.");
    public static readonly InstrumentSpec EstimateError = Of(22, Full, Histogram, "integration_layer.tokens.estimate.error", "1", "How far the tokens were from what was reckoned with, as a part of them: (counted - estimated) / counted.", [.. Deployed, TokenType], Errors);
    public static readonly InstrumentSpec ContextUtilization = Of(23, Full, Histogram, "integration_layer.tokens.context.utilization", "1", "The part of the model's context that a call took.", Deployed, Shares);
    public static readonly InstrumentSpec TokensWasted = Of(24, Standard, Counter, "integration_layer.tokens.wasted", "{token}", "Tokens of answers that were cut short, as far as they were counted.", [.. Deployed, WasteReason]);
    public static readonly InstrumentSpec TokensSaved = Of(25, Standard, Counter, "integration_layer.tokens.saved", "{token}", "Tokens of answers that came from the cache. Comes with a cache that keeps their counts.", [CacheLevel]) with { Source = InstrumentSource.Reserved };
    public static readonly InstrumentSpec TokenSource = Of(26, Full, Counter, "integration_layer.tokens.usage.source", "{request}", "Where the token counts came from.", [UsageSource]);

    // Streams.
    public static readonly InstrumentSpec FirstChunk = Of(27, Minimal, Histogram, "gen_ai.client.operation.time_to_first_chunk", "s", "From the request to the first content of a stream.", Deployed, Durations) with { LatestName = "gen_ai.client.inference.time_to_first_chunk" };
    public static readonly InstrumentSpec PerChunk = Of(28, Full, Histogram, "gen_ai.client.operation.time_per_output_chunk", "s", "From one piece of a stream to the next.", Deployed, Durations) with { LatestName = "gen_ai.client.inference.time_per_output_chunk" };
    public static readonly InstrumentSpec Chunks = Of(29, Full, Histogram, "integration_layer.stream.chunks", "{chunk}", "Pieces of a stream.", Deployed, Counts);
    public static readonly InstrumentSpec OutputRate = Of(30, Full, Histogram, "integration_layer.stream.output.rate", "{token}/s", "Output tokens a second, from the first content on.", Deployed, Rates);
    public static readonly InstrumentSpec LongestGap = Of(31, Full, Histogram, "integration_layer.stream.gap.max", "s", "The longest wait for the next piece of a stream.", Deployed, Durations);
    public static readonly InstrumentSpec Interruptions = Of(32, Standard, Counter, "integration_layer.stream.interruptions", "{stream}", "Streams that broke off, or were not read to their end.", [.. Deployed, Interruption]);
    public static readonly InstrumentSpec Abandoned = Of(32, Standard, Counter, "integration_layer.streams.abandoned", "{stream}", "Streams that were closed and charged because their consumer did not come back.", []);
    public static readonly InstrumentSpec ConsumerWait = Of(33, Full, Histogram, "integration_layer.stream.consumer.wait.duration", "s", "How long the consumer of a stream had the turn.", Asked, Durations);

    // Money.
    public static readonly InstrumentSpec Cost = Of(34, Minimal, Counter, "integration_layer.cost", "{USD}", "Money charged, over all calls of a request. At the level Full by component; elsewhere, and where nobody counted, as `total`.", [.. Deployed, Component, Tenant]);
    public static readonly InstrumentSpec CostPerRequest = Of(35, Full, Histogram, "integration_layer.cost.per_request", "{USD}", "What a request cost.", Deployed, Amounts);
    public static readonly InstrumentSpec CostSaved = Of(36, Standard, Counter, "integration_layer.cost.saved", "{USD}", "What requests cost less than they might have; only where it is more than nothing.", [Kind, SavingReason]);
    public static readonly InstrumentSpec CostWasted = Of(37, Standard, Counter, "integration_layer.cost.wasted", "{USD}", "Money for calls that came to nothing.", [Kind, WasteReason]);
    public static readonly InstrumentSpec CostEstimateError = Of(38, Full, Histogram, "integration_layer.cost.estimate.error", "{USD}", "What a call cost less the most that it might have cost.", Deployed, Differences);
    public static readonly InstrumentSpec Unpriced = Of(39, Minimal, Counter, "integration_layer.cost.unpriced", "{request}", "Requests whose cost is no exact sum.", [UnpricedReason]);

    // Budgets and limits.
    public static readonly InstrumentSpec ReserveDuration = Of(40, Full, Histogram, "integration_layer.budget.reserve.duration", "s", "How long it took to hold money back.", [Result], Moments);
    public static readonly InstrumentSpec BudgetDecisions = Of(41, Full, Counter, "integration_layer.budget.decisions", "{decision}", "What budgets decided, one for each limit that covers the request.", [ScopeKind, BudgetDecision]);
    public static readonly InstrumentSpec BudgetReserved = Of(42, Full, UpDownCounter, "integration_layer.budget.reserved", "{USD}", "Money held back for calls under way in this process.", []);
    public static readonly InstrumentSpec BudgetUtilization = Of(43, Standard, Gauge, "integration_layer.budget.utilization", "1", "The used part of the budgets that are listed by name.", [BudgetName]);
    public static readonly InstrumentSpec Overspend = Of(44, Minimal, Counter, "integration_layer.budget.overspend", "{USD}", "Money that calls cost beyond what was held back for them. Has to stay zero.", []);
    public static readonly InstrumentSpec Settlements = Of(45, Full, Counter, "integration_layer.budget.settlements", "{settlement}", "Reservations, by how they ended.", [Settlement]);
    public static readonly InstrumentSpec SettleFailures = Of(45, Standard, Counter, "integration_layer.settle.failures", "{settlement}", "Settlements that the budget ledger failed to take. Has to stay zero.", []);
    public static readonly InstrumentSpec LimitDecisions = Of(46, Full, Counter, "integration_layer.rate_limit.decisions", "{decision}", "What limits of requests, tokens and calls at a time decided.", [LimitKind, BudgetDecision]);
    public static readonly InstrumentSpec RateLimitRemaining = Of(47, Full, Gauge, "integration_layer.rate_limit.remaining", "{unit}", "What a provider says is left of its own limits.", [Account, LimitKind]);

    // The cache.
    public static readonly InstrumentSpec CacheLookups = Of(48, Standard, Counter, "integration_layer.cache.lookups", "{lookup}", "Looks into the cache.", [CacheLevel, CacheResult]);
    public static readonly InstrumentSpec CacheLookupDuration = Of(49, Full, Histogram, "integration_layer.cache.lookup.duration", "s", "How long a look into the cache took.", [CacheLevel, CacheResult], Moments);
    public static readonly InstrumentSpec CacheWriteDuration = Of(50, Full, Histogram, "integration_layer.cache.write.duration", "s", "How long it took to put an answer into the cache.", [CacheLevel, Result], Moments);
    public static readonly InstrumentSpec CacheEntrySize = Of(51, Full, Histogram, "integration_layer.cache.entry.size", "By", "The size of answers put into the cache.", [CacheLevel], Sizes);
    public static readonly InstrumentSpec CacheEntryAge = Of(52, Standard, Histogram, "integration_layer.cache.entry.age", "s", "The age of answers given from the cache.", [CacheLevel], Ages);
    public static readonly InstrumentSpec Similarity = Of(53, Full, Histogram, "integration_layer.cache.semantic.similarity", "1", "How similar a question was to its nearest one; 0 where there was none.", [CacheResult], [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 1]);
    public static readonly InstrumentSpec SemanticCandidates = Of(54, Full, Histogram, "integration_layer.cache.semantic.candidates", "{candidate}", "Questions that were near enough to be looked at.", [], Counts);
    public static readonly InstrumentSpec StampedeJoins = Of(55, Standard, Counter, "integration_layer.cache.stampede.joins", "{request}", "Requests that were given the answer of an identical one under way.", []);

    // Routing.
    public static readonly InstrumentSpec RouteDecisions = Of(56, Full, Counter, "integration_layer.route.decisions", "{decision}", "Where calls went, and why: the first choice, the first that a budget could pay, or after a failure.", [Policy, Target, RouteReason]);
    public static readonly InstrumentSpec RouteCandidates = Of(57, Full, Histogram, "integration_layer.route.candidates", "{target}", "Deployments that could serve a request.", [Policy], Counts);
    public static readonly InstrumentSpec RouteDuration = Of(58, Full, Histogram, "integration_layer.route.decision.duration", "s", "How long it took to price and to rank them.", [Policy], Moments);
    public static readonly InstrumentSpec RouteCostDelta = Of(59, Full, Histogram, "integration_layer.route.cost.delta", "{USD}", "What the request cost less what it would have cost on the reference model.", [Policy], Differences);

    // Resilience.
    public static readonly InstrumentSpec Attempts = Of(60, Full, Histogram, "integration_layer.attempts", "{attempt}", "Calls made for a request; 0 from the cache or when denied.", [.. Asked, Outcome], Counts);
    public static readonly InstrumentSpec AttemptDuration = Of(61, Full, Histogram, "integration_layer.attempt.duration", "s", "How long a call took.", [Target, Error], Durations);
    public static readonly InstrumentSpec Retries = Of(62, Minimal, Counter, "integration_layer.retries", "{retry}", "Calls repeated on the same deployment, by what the one before failed with.", [Target, Error]);
    public static readonly InstrumentSpec RetryDelay = Of(63, Standard, Histogram, "integration_layer.retry.delay", "s", "How long a request waited before the next call, of those that waited.", [], Durations);
    public static readonly InstrumentSpec Fallbacks = Of(64, Minimal, Counter, "integration_layer.fallbacks", "{fallback}", "Calls sent to another deployment, because the one before failed.", [Target with { Maximum = 1 }, FallbackPair]);
    public static readonly InstrumentSpec Hedges = Of(65, Standard, Counter, "integration_layer.hedges", "{hedge}", "Second calls made while the first was still under way.", [Hedge]);
    public static readonly InstrumentSpec CircuitState = Of(66, Standard, Gauge, "integration_layer.circuit.state", "1", "Health as it last changed, at the level Full also of whoever was called: 0 healthy, 1 half open, 2 open; degraded and recovering are 0, cooling and benched 2.", [Health with { Maximum = 1 }, HealthName]);
    public static readonly InstrumentSpec CircuitTransitions = Of(67, Minimal, Counter, "integration_layer.circuit.transitions", "{transition}", "Changes of health.", [Health with { Maximum = 1 }, HealthName, HealthState]);
    public static readonly InstrumentSpec CircuitRejections = Of(68, Standard, Counter, "integration_layer.circuit.rejections", "{request}", "Requests that failed because all deployments that could serve them were ill, resting or full.", Asked);
    public static readonly InstrumentSpec GatewayFailovers = Of(68, Standard, Counter, "integration_layer.gateway.failovers", "{call}", "Calls that couldn't be sent to an endpoint, and went to another.", [Gateway]);
    public static readonly InstrumentSpec RetryBudget = Of(69, Full, Gauge, "integration_layer.retry_budget.utilization", "1", "The used part of the calls that may be repeated.", []);

    // Transport.
    public static readonly InstrumentSpec HttpDuration = Platform(70, Histogram, "http.client.request.duration", "s", "Requests over HTTP, until their headers.");
    public static readonly InstrumentSpec HttpQueue = Platform(71, Histogram, "http.client.request.time_in_queue", "s", "How long requests waited for a connection.");
    public static readonly InstrumentSpec HttpConnections = Platform(72, UpDownCounter, "http.client.open_connections", "{connection}", "Connections, active or idle.");
    public static readonly InstrumentSpec DnsLookup = Platform(73, Histogram, "dns.lookup.duration", "s", "How long it took to look up a name.");
    public static readonly InstrumentSpec RequestSize = Of(74, Full, Histogram, "integration_layer.http.request.body.size", "By", "The size of what was sent.", [Account], Sizes);
    public static readonly InstrumentSpec ResponseSize = Of(75, Full, Histogram, "integration_layer.http.response.body.size", "By", "The size of what came, decompressed.", [Account], Sizes);
    public static readonly InstrumentSpec GatewayResponses = Of(76, Full, Counter, "integration_layer.gateway.responses", "{response}", "Answers of the gateway.", [Status, GatewayCache]);
    public static readonly InstrumentSpec GatewayAttempts = Of(77, Full, Histogram, "integration_layer.gateway.attempts", "{attempt}", "Calls that the gateway itself says it made: 1, unless something between repeats them.", [Account], Counts);

    // Governance.
    public static readonly InstrumentSpec AuthorizationDecisions = Reserved(78, Counter, "integration_layer.authz.decisions", "{decision}", "What permissions decided.");
    public static readonly InstrumentSpec GuardDetections = Reserved(79, Counter, "integration_layer.guard.detections", "{detection}", "What guards found.");
    public static readonly InstrumentSpec GuardDuration = Reserved(80, Histogram, "integration_layer.guard.duration", "s", "How long guards took.");
    public static readonly InstrumentSpec CredentialUses = Of(81, Full, Counter, "integration_layer.credential.uses", "{use}", "Calls, by the account whose credential they bore.", [Account, Slot]);
    public static readonly InstrumentSpec AuditDuration = Reserved(82, Histogram, "integration_layer.audit.append.duration", "s", "How long it took to append to the audit trail.");
    public static readonly InstrumentSpec AuditFailures = Reserved(83, Counter, "integration_layer.audit.append.failures", "{record}", "Audit records that were not taken. Has to stay zero.");
    public static readonly InstrumentSpec RecordWrites = Of(84, Full, Counter, "integration_layer.usage_record.writes", "{record}", "Usage records that the store took.", []);
    public static readonly InstrumentSpec RecordsDropped = Of(84, Minimal, Counter, "integration_layer.usage_record.dropped", "{record}", "Usage records that the store failed to take. Has to stay zero.", []);
    public static readonly InstrumentSpec EventsDropped = Of(84, Standard, Counter, "integration_layer.events.dropped", "{event}", "Events that a subscriber was too slow for.", [EventType]);
    public static readonly InstrumentSpec CredentialRotations = Reserved(85, Counter, "integration_layer.credential.rotations", "{rotation}", "Credentials that were replaced.");

    /// <summary>Gets them all, in order.</summary>
    public static IReadOnlyList<InstrumentSpec> All { get; } =
    [
        Requests, ActiveRequests, RequestDuration, OperationDuration, Overhead, StageDuration, QueueWait, QueueRejections, DeadlineRemaining, Messages, Tools, MaxOutputTokens,
        Responses, ToolCalls, Tokens, LatestInput, LatestOutput, LatestCacheRead, LatestCacheWrite, LatestReasoning, LatestInputSize, LatestOutputSize, EstimateError,
        ContextUtilization, TokensWasted, TokensSaved, TokenSource, FirstChunk, PerChunk, Chunks, OutputRate, LongestGap, Interruptions, Abandoned, ConsumerWait, Cost,
        CostPerRequest, CostSaved, CostWasted, CostEstimateError, Unpriced, ReserveDuration, BudgetDecisions, BudgetReserved, BudgetUtilization, Overspend, Settlements,
        SettleFailures, LimitDecisions, RateLimitRemaining, CacheLookups, CacheLookupDuration, CacheWriteDuration, CacheEntrySize, CacheEntryAge, Similarity,
        SemanticCandidates, StampedeJoins, RouteDecisions, RouteCandidates, RouteDuration, RouteCostDelta, Attempts, AttemptDuration, Retries, RetryDelay, Fallbacks, Hedges,
        CircuitState, CircuitTransitions, CircuitRejections, GatewayFailovers, RetryBudget, HttpDuration, HttpQueue, HttpConnections, DnsLookup, RequestSize, ResponseSize,
        GatewayResponses, GatewayAttempts, AuthorizationDecisions, GuardDetections, GuardDuration, CredentialUses, AuditDuration, AuditFailures, RecordWrites, RecordsDropped,
        EventsDropped, CredentialRotations,
    ];

    private static InstrumentSpec Of(
        int row, TelemetryLevel level, InstrumentKind kind, string name, string unit, string description, AttributeSpec[] attributes, double[]? buckets = null) =>
        new(row, level, kind, name, unit, description) { Attributes = attributes, Buckets = buckets ?? [] };

    private static InstrumentSpec Latest(int row, InstrumentKind kind, string name, string description, params AttributeSpec[] attributes) =>
        Of(row, Standard, kind, name, "{token}", description, [.. Deployed, .. attributes], kind is Histogram ? TokenCounts : null) with { Source = InstrumentSource.LatestConventions };

    private static InstrumentSpec Platform(int row, InstrumentKind kind, string name, string unit, string description) =>
        Of(row, Standard, kind, name, unit, description, []) with { Source = InstrumentSource.Platform };

    private static InstrumentSpec Reserved(int row, InstrumentKind kind, string name, string unit, string description) =>
        Of(row, Standard, kind, name, unit, description, []) with { Source = InstrumentSource.Reserved };
}
