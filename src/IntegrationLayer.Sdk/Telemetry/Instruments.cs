using System.Diagnostics.Metrics;

namespace IntegrationLayer.Sdk.Telemetry;

/// <summary>The instruments of <see cref="InstrumentTable"/> that this process has. A test keeps the two equal.</summary>
internal sealed class Instruments(InstrumentFactory make)
{
    public readonly Counter<long>? Requests = make.Count(InstrumentTable.Requests);
    public readonly UpDownCounter<long>? ActiveRequests = make.CountUpDown(InstrumentTable.ActiveRequests);
    public readonly Histogram<double>? RequestDuration = make.Measure(InstrumentTable.RequestDuration);
    public readonly Histogram<double>? OperationDuration = make.Measure(InstrumentTable.OperationDuration);
    public readonly Histogram<double>? Overhead = make.Measure(InstrumentTable.Overhead);
    public readonly Histogram<double>? StageDuration = make.Measure(InstrumentTable.StageDuration);
    public readonly Histogram<double>? QueueWait = make.Measure(InstrumentTable.QueueWait);
    public readonly Counter<long>? QueueRejections = make.Count(InstrumentTable.QueueRejections);
    public readonly Histogram<double>? DeadlineRemaining = make.Measure(InstrumentTable.DeadlineRemaining);
    public readonly Histogram<long>? Messages = make.MeasureCounts(InstrumentTable.Messages);
    public readonly Histogram<long>? Tools = make.MeasureCounts(InstrumentTable.Tools);
    public readonly Histogram<long>? MaxOutputTokens = make.MeasureCounts(InstrumentTable.MaxOutputTokens);
    public readonly Counter<long>? Responses = make.Count(InstrumentTable.Responses);
    public readonly Histogram<long>? ToolCalls = make.MeasureCounts(InstrumentTable.ToolCalls);
    public readonly Histogram<long>? Tokens = make.MeasureCounts(InstrumentTable.Tokens);
    public readonly Counter<long>? LatestInput = make.Count(InstrumentTable.LatestInput);
    public readonly Counter<long>? LatestOutput = make.Count(InstrumentTable.LatestOutput);
    public readonly Counter<long>? LatestCacheRead = make.Count(InstrumentTable.LatestCacheRead);
    public readonly Counter<long>? LatestCacheWrite = make.Count(InstrumentTable.LatestCacheWrite);
    public readonly Counter<long>? LatestReasoning = make.Count(InstrumentTable.LatestReasoning);
    public readonly Histogram<long>? LatestInputSize = make.MeasureCounts(InstrumentTable.LatestInputSize);
    public readonly Histogram<long>? LatestOutputSize = make.MeasureCounts(InstrumentTable.LatestOutputSize);
    public readonly Histogram<double>? EstimateError = make.Measure(InstrumentTable.EstimateError);
    public readonly Histogram<double>? ContextUtilization = make.Measure(InstrumentTable.ContextUtilization);
    public readonly Counter<long>? TokensWasted = make.Count(InstrumentTable.TokensWasted);
    public readonly Counter<long>? TokenSource = make.Count(InstrumentTable.TokenSource);
    public readonly Histogram<double>? FirstChunk = make.Measure(InstrumentTable.FirstChunk);
    public readonly Histogram<double>? PerChunk = make.Measure(InstrumentTable.PerChunk);
    public readonly Histogram<long>? Chunks = make.MeasureCounts(InstrumentTable.Chunks);
    public readonly Histogram<double>? OutputRate = make.Measure(InstrumentTable.OutputRate);
    public readonly Histogram<double>? LongestGap = make.Measure(InstrumentTable.LongestGap);
    public readonly Counter<long>? Interruptions = make.Count(InstrumentTable.Interruptions);
    public readonly Counter<long>? Abandoned = make.Count(InstrumentTable.Abandoned);
    public readonly Histogram<double>? ConsumerWait = make.Measure(InstrumentTable.ConsumerWait);
    public readonly Counter<double>? Cost = make.Sum(InstrumentTable.Cost);
    public readonly Histogram<double>? CostPerRequest = make.Measure(InstrumentTable.CostPerRequest);
    public readonly Counter<double>? CostSaved = make.Sum(InstrumentTable.CostSaved);
    public readonly Counter<double>? CostWasted = make.Sum(InstrumentTable.CostWasted);
    public readonly Histogram<double>? CostEstimateError = make.Measure(InstrumentTable.CostEstimateError);
    public readonly Counter<long>? Unpriced = make.Count(InstrumentTable.Unpriced);
    public readonly Histogram<double>? ReserveDuration = make.Measure(InstrumentTable.ReserveDuration);
    public readonly Counter<long>? BudgetDecisions = make.Count(InstrumentTable.BudgetDecisions);
    public readonly UpDownCounter<double>? BudgetReserved = make.SumUpDown(InstrumentTable.BudgetReserved);
    public readonly Gauge<double>? BudgetUtilization = make.Last(InstrumentTable.BudgetUtilization);
    public readonly Counter<double>? Overspend = make.Sum(InstrumentTable.Overspend);
    public readonly Counter<long>? Settlements = make.Count(InstrumentTable.Settlements);
    public readonly Counter<long>? SettleFailures = make.Count(InstrumentTable.SettleFailures);
    public readonly Counter<long>? LimitDecisions = make.Count(InstrumentTable.LimitDecisions);
    public readonly Gauge<double>? RateLimitRemaining = make.Last(InstrumentTable.RateLimitRemaining);
    public readonly Counter<long>? CacheLookups = make.Count(InstrumentTable.CacheLookups);
    public readonly Histogram<double>? CacheLookupDuration = make.Measure(InstrumentTable.CacheLookupDuration);
    public readonly Histogram<double>? CacheWriteDuration = make.Measure(InstrumentTable.CacheWriteDuration);
    public readonly Histogram<long>? CacheEntrySize = make.MeasureCounts(InstrumentTable.CacheEntrySize);
    public readonly Histogram<double>? CacheEntryAge = make.Measure(InstrumentTable.CacheEntryAge);
    public readonly Histogram<double>? Similarity = make.Measure(InstrumentTable.Similarity);
    public readonly Histogram<long>? SemanticCandidates = make.MeasureCounts(InstrumentTable.SemanticCandidates);
    public readonly Counter<long>? StampedeJoins = make.Count(InstrumentTable.StampedeJoins);
    public readonly Counter<long>? RouteDecisions = make.Count(InstrumentTable.RouteDecisions);
    public readonly Histogram<long>? RouteCandidates = make.MeasureCounts(InstrumentTable.RouteCandidates);
    public readonly Histogram<double>? RouteDuration = make.Measure(InstrumentTable.RouteDuration);
    public readonly Histogram<double>? RouteCostDelta = make.Measure(InstrumentTable.RouteCostDelta);
    public readonly Histogram<long>? Attempts = make.MeasureCounts(InstrumentTable.Attempts);
    public readonly Histogram<double>? AttemptDuration = make.Measure(InstrumentTable.AttemptDuration);
    public readonly Counter<long>? Retries = make.Count(InstrumentTable.Retries);
    public readonly Histogram<double>? RetryDelay = make.Measure(InstrumentTable.RetryDelay);
    public readonly Counter<long>? Fallbacks = make.Count(InstrumentTable.Fallbacks);
    public readonly Counter<long>? Hedges = make.Count(InstrumentTable.Hedges);
    public readonly Gauge<double>? CircuitState = make.Last(InstrumentTable.CircuitState);
    public readonly Counter<long>? CircuitTransitions = make.Count(InstrumentTable.CircuitTransitions);
    public readonly Counter<long>? CircuitRejections = make.Count(InstrumentTable.CircuitRejections);
    public readonly Counter<long>? GatewayFailovers = make.Count(InstrumentTable.GatewayFailovers);
    public readonly Gauge<double>? RetryBudget = make.Last(InstrumentTable.RetryBudget);
    public readonly Histogram<long>? RequestSize = make.MeasureCounts(InstrumentTable.RequestSize);
    public readonly Histogram<long>? ResponseSize = make.MeasureCounts(InstrumentTable.ResponseSize);
    public readonly Counter<long>? GatewayResponses = make.Count(InstrumentTable.GatewayResponses);
    public readonly Histogram<long>? GatewayAttempts = make.MeasureCounts(InstrumentTable.GatewayAttempts);
    public readonly Counter<long>? CredentialUses = make.Count(InstrumentTable.CredentialUses);
    public readonly Counter<long>? RecordWrites = make.Count(InstrumentTable.RecordWrites);
    public readonly Counter<long>? RecordsDropped = make.Count(InstrumentTable.RecordsDropped);
    public readonly Counter<long>? EventsDropped = make.Count(InstrumentTable.EventsDropped);

    // Those that only the level Full has; none at the others.
    private Instrument[] Detailed => field ??=
    [
        .. new Instrument?[]
        {
            ActiveRequests, StageDuration, DeadlineRemaining, Messages, Tools, MaxOutputTokens, Responses, ToolCalls, EstimateError, ContextUtilization,
            TokenSource, PerChunk, Chunks, OutputRate, LongestGap, ConsumerWait, CostPerRequest, CostEstimateError, ReserveDuration, BudgetDecisions,
            BudgetReserved, Settlements, LimitDecisions, RateLimitRemaining, CacheLookupDuration, CacheWriteDuration, CacheEntrySize, Similarity,
            SemanticCandidates, RouteDecisions, RouteCandidates, RouteDuration, RouteCostDelta, Attempts, AttemptDuration, RetryBudget, RequestSize,
            ResponseSize, GatewayResponses, GatewayAttempts, CredentialUses, RecordWrites,
        }.OfType<Instrument>(),
    ];

    /// <summary>Gets a value indicating whether somebody listens to one that only the level Full has.</summary>
    public bool IsDetailed
    {
        get
        {
            foreach (Instrument instrument in Detailed)
            {
                if (instrument.Enabled)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
