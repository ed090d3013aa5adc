namespace IntegrationLayer.Sdk.Usage;

/// <summary>Sums over requests. Sums of sums are exact: money is added up in whole billionths of a US dollar.</summary>
/// <remarks>Stores fill it; readers of a report need the properties without a setter too. Not safe for concurrent use while it is being filled.</remarks>
public sealed class UsageTotals
{
    /// <summary>Gets or sets the number of requests, however they ended.</summary>
    public long Requests { get; set; }

    /// <summary>Gets or sets the requests that failed.</summary>
    public long Errors { get; set; }

    /// <summary>Gets or sets the requests that a budget, or the lack of a model that could serve them, refused.</summary>
    public long Denied { get; set; }

    /// <summary>Gets or sets the requests that their callers gave up.</summary>
    public long Cancelled { get; set; }

    /// <summary>Gets or sets the requests that the SDK's cache answered.</summary>
    public long CacheHits { get; set; }

    /// <summary>Gets or sets the requests that the SDK's cache was asked for in vain.</summary>
    public long CacheMisses { get; set; }

    /// <summary>Gets or sets the calls to deployments.</summary>
    public long Attempts { get; set; }

    /// <summary>Gets or sets the requests whose cost nobody knows, because a price is missing.</summary>
    public long Unpriced { get; set; }

    /// <summary>Gets or sets what was billed for.</summary>
    public TokenUsage Tokens { get; set; }

    /// <summary>Gets or sets the costs known exactly.</summary>
    public long ExactCostNanoUsd { get; set; }

    /// <summary>Gets or sets the costs reckoned with estimated tokens.</summary>
    public long EstimatedCostNanoUsd { get; set; }

    /// <summary>Gets or sets the costs of which only the most that they can be is known.</summary>
    public long UpperBoundCostNanoUsd { get; set; }

    /// <summary>Gets or sets the part of the costs that bought nothing.</summary>
    public long WastedNanoUsd { get; set; }

    /// <summary>Gets or sets what the SDK's cache saved.</summary>
    public long CacheSavingNanoUsd { get; set; }

    /// <summary>Gets or sets what providers' prompt caches saved.</summary>
    public long PromptCacheSavingNanoUsd { get; set; }

    /// <summary>Gets or sets what routing saved.</summary>
    public long RoutingSavingNanoUsd { get; set; }

    /// <summary>Gets the durations of requests that were answered.</summary>
    public LatencyHistogram Duration { get; } = new();

    /// <summary>Gets the times to the first content of requests that were streamed and answered.</summary>
    public LatencyHistogram TimeToFirstToken { get; } = new();

    /// <summary>Gets all costs, in US dollars. Those of <see cref="Unpriced"/> requests are missing in it.</summary>
    public decimal CostUsd => NanoUsd.ToUsd(CostNanoUsd);

    /// <summary>Gets all savings, in US dollars.</summary>
    public decimal SavingUsd => NanoUsd.ToUsd(SavingNanoUsd);

    /// <summary>Gets the savings by kind, in US dollars.</summary>
    public LlmSaving Saving => new()
    {
        CacheUsd = NanoUsd.ToUsd(CacheSavingNanoUsd),
        PromptCacheUsd = NanoUsd.ToUsd(PromptCacheSavingNanoUsd),
        RoutingUsd = NanoUsd.ToUsd(RoutingSavingNanoUsd),
    };

    /// <summary>Gets the part of the costs that bought nothing, in US dollars.</summary>
    public decimal WastedUsd => NanoUsd.ToUsd(WastedNanoUsd);

    /// <summary>Gets which part of what the requests would have cost at the reference model was saved, from 0 to 1; negative if they cost more.</summary>
    /// <value>Zero if they would have cost nothing.</value>
    public double SavedShare => Share(SavingNanoUsd, SavingNanoUsd + CostNanoUsd);

    /// <summary>Gets which part of the requests that asked the cache it answered, from 0 to 1.</summary>
    public double HitRate => Share(CacheHits, CacheHits + CacheMisses);

    /// <summary>Gets which part of the requests failed, from 0 to 1. Refused and given up ones didn't.</summary>
    public double ErrorRate => Share(Errors, Requests);

    /// <summary>Gets all costs.</summary>
    internal long CostNanoUsd => ExactCostNanoUsd + EstimatedCostNanoUsd + UpperBoundCostNanoUsd;

    internal long SavingNanoUsd => CacheSavingNanoUsd + PromptCacheSavingNanoUsd + RoutingSavingNanoUsd;

    /// <summary>Adds a request.</summary>
    /// <param name="record">Its record.</param>
    public void Add(UsageRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        Requests++;
        Attempts += record.Attempts.Count;
        Tokens = TokenSums.Add(Tokens, record.Tokens);
        WastedNanoUsd += record.WastedNanoUsd;
        CacheSavingNanoUsd += record.CacheSavingNanoUsd;
        PromptCacheSavingNanoUsd += record.PromptCacheSavingNanoUsd;
        RoutingSavingNanoUsd += record.RoutingSavingNanoUsd;
        AddCost(record);
        AddOutcome(record);
    }

    /// <summary>Adds other sums.</summary>
    /// <param name="other">The other sums.</param>
    public void Add(UsageTotals other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Requests += other.Requests;
        Errors += other.Errors;
        Denied += other.Denied;
        Cancelled += other.Cancelled;
        CacheHits += other.CacheHits;
        CacheMisses += other.CacheMisses;
        Attempts += other.Attempts;
        Unpriced += other.Unpriced;
        Tokens = TokenSums.Add(Tokens, other.Tokens);
        ExactCostNanoUsd += other.ExactCostNanoUsd;
        EstimatedCostNanoUsd += other.EstimatedCostNanoUsd;
        UpperBoundCostNanoUsd += other.UpperBoundCostNanoUsd;
        WastedNanoUsd += other.WastedNanoUsd;
        CacheSavingNanoUsd += other.CacheSavingNanoUsd;
        PromptCacheSavingNanoUsd += other.PromptCacheSavingNanoUsd;
        RoutingSavingNanoUsd += other.RoutingSavingNanoUsd;
        Duration.Add(other.Duration);
        TimeToFirstToken.Add(other.TimeToFirstToken);
    }

    /// <summary>Gets what groups are ranked by.</summary>
    internal long Value(UsageMeasure measure) => measure switch
    {
        UsageMeasure.Saving => SavingNanoUsd,
        UsageMeasure.Requests => Requests,
        UsageMeasure.Tokens => Tokens.TotalInput + Tokens.TotalOutput,
        UsageMeasure.Errors => Errors,
        _ => CostNanoUsd,
    };

    private static double Share(long part, long whole) => whole == 0 ? 0 : (double)part / whole;

    private void AddCost(UsageRecord record)
    {
        switch (record.PriceStatus)
        {
            case PriceStatus.Estimated:
                EstimatedCostNanoUsd += record.CostNanoUsd;
                break;
            case PriceStatus.UpperBound:
                UpperBoundCostNanoUsd += record.CostNanoUsd;
                break;
            case PriceStatus.Unknown:
                Unpriced++;
                break;
            default:
                ExactCostNanoUsd += record.CostNanoUsd;
                break;
        }
    }

    private void AddOutcome(UsageRecord record)
    {
        bool isCached = record.Outcome == "cached";
        CacheHits += isCached ? 1 : 0;
        CacheMisses += record.Cache == "miss" ? 1 : 0;
        if (isCached || record.Outcome == "success")
        {
            Duration.Add(record.Duration);
            if (record.TimeToFirstToken is { } first)
            {
                TimeToFirstToken.Add(first);
            }

            return;
        }

        Denied += record.Outcome == "denied" ? 1 : 0;
        Cancelled += record.Outcome == "cancelled" ? 1 : 0;
        Errors += record.Outcome is "denied" or "cancelled" ? 0 : 1;
    }
}
