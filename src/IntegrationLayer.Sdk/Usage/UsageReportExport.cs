using System.Globalization;

namespace IntegrationLayer.Sdk.Usage;

/// <summary>Writes reports as comma-separated values (RFC 4180), for spreadsheets and for tools that compare the costs of clouds.</summary>
/// <remarks>Numbers are in the invariant culture, times in UTC. A name that a spreadsheet would take for a formula (it begins with <c>=</c>, <c>+</c>, <c>-</c> or <c>@</c>) gets an apostrophe before it.</remarks>
public static class UsageReportExport
{
    private const double Median = 0.5;
    private const double High = 0.95;
    private const double Highest = 0.99;

    private static readonly string[] Measures =
    [
        "requests", "errors", "denied", "cancelled", "cache_hits", "cache_misses", "attempts", "unpriced_requests",
        "input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens", "reasoning_tokens", "audio_tokens", "image_tokens", "web_searches",
        "cost_usd", "cost_exact_usd", "cost_estimated_usd", "cost_upper_bound_usd", "wasted_usd",
        "saved_cache_usd", "saved_prompt_cache_usd", "saved_routing_usd",
        "latency_p50_ms", "latency_p95_ms", "latency_p99_ms", "first_token_p50_ms", "first_token_p95_ms",
    ];

    // FinOps Open Cost and Usage Specification 1.2; columns of our own begin with x_, as it wants.
    private static readonly string[] FocusColumns =
    [
        "BilledCost", "BillingCurrency", "BillingPeriodEnd", "BillingPeriodStart", "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargeFrequency",
        "ChargePeriodEnd", "ChargePeriodStart", "ConsumedQuantity", "ConsumedUnit", "ContractedCost", "EffectiveCost", "InvoiceIssuerName", "ListCost",
        "PricingQuantity", "PricingUnit", "ProviderName", "PublisherName", "ResourceId", "ServiceCategory", "ServiceName", "ServiceSubcategory", "SkuId",
        "SubAccountId", "Tags", "x_Requests", "x_SavedUsd", "x_IsEstimated",
    ];

    /// <summary>Writes one line for each row, below a line of names: the beginning of the slice, the group's values, every measure.</summary>
    /// <param name="report">The report.</param>
    /// <param name="writer">Where to.</param>
    public static void WriteCsv(this UsageReport report, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(writer);
        CsvLine.Write(writer, ["start", .. report.Query.GroupBy.Select(dimension => dimension.Name), .. Measures]);
        foreach (UsageRow row in report.Rows)
        {
            CsvLine.Write(writer, [Time(row.Start), .. row.Group.Select(CsvLine.Harmless), .. Values(row.Totals)]);
        }
    }

    /// <summary>Writes one line for each row in columns of the FinOps Open Cost and Usage Specification (FOCUS) 1.2, below a line of their names.</summary>
    /// <param name="report">The report. Grouped by tenant, provider, deployment and model, it fills <c>SubAccountId</c>, <c>ProviderName</c>, <c>ResourceId</c> and <c>SkuId</c>; other dimensions go to <c>Tags</c>.</param>
    /// <param name="writer">Where to.</param>
    /// <remarks>Costs at list price, contract and effect are the same: what the SDK reckoned. Reckoned, not invoiced: the provider's invoice is what counts.</remarks>
    public static void WriteFocusCsv(this UsageReport report, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(writer);
        CsvLine.Write(writer, FocusColumns);
        foreach (UsageRow row in report.Rows)
        {
            CsvLine.Write(writer, Focus(report, row));
        }
    }

    private static string[] Values(UsageTotals totals)
    {
        TokenUsage tokens = totals.Tokens;
        return
        [
            Number(totals.Requests), Number(totals.Errors), Number(totals.Denied), Number(totals.Cancelled), Number(totals.CacheHits), Number(totals.CacheMisses),
            Number(totals.Attempts), Number(totals.Unpriced),
            Number(tokens.Input), Number(tokens.CacheRead), Number(tokens.CacheWrite + tokens.CacheWriteOneHour), Number(tokens.Output), Number(tokens.Reasoning),
            Number(tokens.AudioInput + tokens.AudioOutput), Number(tokens.ImageInput + tokens.ImageOutput), Number(tokens.WebSearches),
            Money(totals.CostUsd), Money(NanoUsd.ToUsd(totals.ExactCostNanoUsd)), Money(NanoUsd.ToUsd(totals.EstimatedCostNanoUsd)),
            Money(NanoUsd.ToUsd(totals.UpperBoundCostNanoUsd)), Money(totals.WastedUsd),
            Money(totals.Saving.CacheUsd), Money(totals.Saving.PromptCacheUsd), Money(totals.Saving.RoutingUsd),
            Milliseconds(totals.Duration.Percentile(Median)), Milliseconds(totals.Duration.Percentile(High)), Milliseconds(totals.Duration.Percentile(Highest)),
            Milliseconds(totals.TimeToFirstToken.Percentile(Median)), Milliseconds(totals.TimeToFirstToken.Percentile(High)),
        ];
    }

    private static string[] Focus(UsageReport report, UsageRow row)
    {
        UsageQuery query = report.Query;
        UsageTotals totals = row.Totals;
        DateTimeOffset month = UsageBuckets.StartOf(UsageBucket.Month, row.Start);
        DateTimeOffset end = UsageBuckets.EndOf(query.Bucket, row.Start);
        string cost = Money(totals.CostUsd);
        string tokens = Number(totals.Tokens.TotalInput + totals.Tokens.TotalOutput);
        string provider = ValueOf(query, row, UsageDimension.Provider);
        return
        [
            cost, "USD", Time(month.AddMonths(1)), Time(month), "Usage", "", "Use of language models", "Usage-Based",
            Time(end < report.To ? end : report.To), Time(row.Start), tokens, "Tokens", cost, cost, provider, cost,
            tokens, "Tokens", provider, provider, ValueOf(query, row, UsageDimension.Deployment), "AI and Machine Learning", "Language models", "Generative AI",
            ValueOf(query, row, UsageDimension.Model),
            ValueOf(query, row, UsageDimension.Tenant), FocusTags.Of(query, row), Number(totals.Requests), Money(totals.SavingUsd),
            totals.CostNanoUsd == totals.ExactCostNanoUsd && totals.Unpriced == 0 ? "false" : "true",
        ];
    }

    private static string ValueOf(UsageQuery query, UsageRow row, UsageDimension dimension)
    {
        for (int i = 0; i < query.GroupBy.Count; i++)
        {
            if (query.GroupBy[i] == dimension)
            {
                return CsvLine.Harmless(row.Group[i]);
            }
        }

        return "";
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Money(decimal value) => value.ToString("0.#########", CultureInfo.InvariantCulture);

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture);
}
