using System.Data.Common;
using IntegrationLayer.Sdk.Usage;

namespace IntegrationLayer.Sdk.Analytics.Storage;

/// <summary>The columns of sums: how they are named, how they follow from records, and how they are read.</summary>
internal static class TotalsColumns
{
    private const string Answered = "'success','cached'";
    private const string Harmless = "'success','cached','denied','cancelled'";

    /// <summary>Gets the histograms' columns and those of the records that they count the classes of.</summary>
    public static IReadOnlyList<(string Name, string Classes)> Histograms { get; } = [("durations", "duration_class"), ("first_tokens", "first_token_class")];

    /// <summary>Gets the counts' columns, and the expression of each over a group of records.</summary>
    public static IReadOnlyList<(string Name, string OverRecords)> Counts { get; } =
    [
        ("requests", "COUNT(*)"),
        ("errors", $"SUM(CASE WHEN s.outcome IN ({Harmless}) THEN 0 ELSE 1 END)"),
        ("denied", "SUM(CASE WHEN s.outcome = 'denied' THEN 1 ELSE 0 END)"),
        ("cancelled", "SUM(CASE WHEN s.outcome = 'cancelled' THEN 1 ELSE 0 END)"),
        ("cache_hits", "SUM(CASE WHEN s.outcome = 'cached' THEN 1 ELSE 0 END)"),
        ("cache_misses", "SUM(CASE WHEN s.cache = 'miss' THEN 1 ELSE 0 END)"),
        ("attempts", "SUM(u.attempt_count)"),
        ("unpriced", "SUM(CASE WHEN s.price_status = 'Unknown' THEN 1 ELSE 0 END)"),
        ("input", "SUM(u.input)"),
        ("cache_read", "SUM(u.cache_read)"),
        ("cache_write", "SUM(u.cache_write)"),
        ("cache_write_1h", "SUM(u.cache_write_1h)"),
        ("output", "SUM(u.output)"),
        ("reasoning", "SUM(u.reasoning)"),
        ("audio_input", "SUM(u.audio_input)"),
        ("audio_output", "SUM(u.audio_output)"),
        ("image_input", "SUM(u.image_input)"),
        ("image_output", "SUM(u.image_output)"),
        ("web_searches", "SUM(u.web_searches)"),
        ("cost_exact", "SUM(CASE WHEN s.price_status IN ('Exact','Free') THEN u.cost ELSE 0 END)"),
        ("cost_estimated", "SUM(CASE WHEN s.price_status = 'Estimated' THEN u.cost ELSE 0 END)"),
        ("cost_upper_bound", "SUM(CASE WHEN s.price_status = 'UpperBound' THEN u.cost ELSE 0 END)"),
        ("wasted", "SUM(u.wasted)"),
        ("saved_cache", "SUM(u.saved_cache)"),
        ("saved_prompt_cache", "SUM(u.saved_prompt_cache)"),
        ("saved_routing", "SUM(u.saved_routing)"),
    ];

    /// <summary>Tells whether a record's times are in the histograms.</summary>
    public static bool IsTimed(UsageRecord record) => record.Outcome is "success" or "cached";

    /// <summary>Gets the expressions that sum a table up, in the order that <see cref="Read"/> expects.</summary>
    public static IEnumerable<string> Expressions(UsageLevel level, SqlDialect dialect) =>
    [
        .. Counts.Select(count => $"CAST({(level.IsRecords ? count.OverRecords : $"SUM(u.{count.Name})")} AS {dialect.Integer})"),
        .. Histograms.Select(histogram => level.IsRecords
            ? dialect.CountClasses($"CASE WHEN s.outcome IN ({Answered}) THEN u.{histogram.Classes} END")
            : dialect.MergeHistograms($"u.{histogram.Name}")),
    ];

    /// <summary>Gets the counts of sums, in the columns' order.</summary>
    public static long[] Values(UsageTotals totals)
    {
        TokenUsage tokens = totals.Tokens;
        return
        [
            totals.Requests, totals.Errors, totals.Denied, totals.Cancelled, totals.CacheHits, totals.CacheMisses, totals.Attempts, totals.Unpriced,
            tokens.Input, tokens.CacheRead, tokens.CacheWrite, tokens.CacheWriteOneHour, tokens.Output, tokens.Reasoning,
            tokens.AudioInput, tokens.AudioOutput, tokens.ImageInput, tokens.ImageOutput, tokens.WebSearches,
            totals.ExactCostNanoUsd, totals.EstimatedCostNanoUsd, totals.UpperBoundCostNanoUsd, totals.WastedNanoUsd,
            totals.CacheSavingNanoUsd, totals.PromptCacheSavingNanoUsd, totals.RoutingSavingNanoUsd,
        ];
    }

    /// <summary>Reads sums from the columns that begin at a position; <see langword="null"/> if they sum nothing up.</summary>
    public static UsageTotals? Read(DbDataReader row, int at)
    {
        if (row.IsDBNull(at) || row.GetInt64(at) == 0)
        {
            return null;
        }

        long Next() => row.GetInt64(at++);

        UsageTotals totals = new()
        {
            Requests = Next(),
            Errors = Next(),
            Denied = Next(),
            Cancelled = Next(),
            CacheHits = Next(),
            CacheMisses = Next(),
            Attempts = Next(),
            Unpriced = Next(),
            Tokens = new TokenUsage
            {
                Input = Next(),
                CacheRead = Next(),
                CacheWrite = Next(),
                CacheWriteOneHour = Next(),
                Output = Next(),
                Reasoning = Next(),
                AudioInput = Next(),
                AudioOutput = Next(),
                ImageInput = Next(),
                ImageOutput = Next(),
                WebSearches = Next(),
            },
            ExactCostNanoUsd = Next(),
            EstimatedCostNanoUsd = Next(),
            UpperBoundCostNanoUsd = Next(),
            WastedNanoUsd = Next(),
            CacheSavingNanoUsd = Next(),
            PromptCacheSavingNanoUsd = Next(),
            RoutingSavingNanoUsd = Next(),
        };
        ReadHistogram(row, at, totals.Duration);
        ReadHistogram(row, at + 1, totals.TimeToFirstToken);
        return totals;
    }

    private static void ReadHistogram(DbDataReader row, int at, LatencyHistogram histogram)
    {
        if (row.IsDBNull(at))
        {
            return;
        }

        switch (row.GetValue(at))
        {
            case byte[] bytes:
                histogram.Add(bytes);
                break;
            case short[] classes:
                foreach (short one in classes)
                {
                    histogram.AddClass(one);
                }

                break;
        }
    }
}
