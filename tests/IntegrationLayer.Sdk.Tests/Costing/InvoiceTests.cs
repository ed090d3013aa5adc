using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Costing;

/// <summary>Usage as providers report it, through normalisation and pricing, against invoices worked out by hand.</summary>
public sealed class InvoiceTests
{
    private static IEnumerable<TestCaseData> Invoices()
    {
        // 6,000 x 2.50 + 4,000 x 1.25 + 1,000 x 10 per million
        yield return Invoice("OpenAI_cached", ListPrices.Gpt4o, Usage(10_000, 1_000, 11_000, cached: 4_000), 0.03m);

        // 2,000 x 1.10 + 5,000 x 4.40
        yield return Invoice("OpenAI_reasoning", ListPrices.O3Mini, Usage(2_000, 5_000, 7_000, reasoning: 4_200), 0.0242m);

        // 200 x 2.50 + 800 x 40 + 100 x 10 + 500 x 80
        yield return Invoice("OpenAI_audio", ListPrices.Gpt4oAudio, Usage(1_000, 600, 1_600, more: [(UsageCounts.AudioInput, 800), (UsageCounts.AudioOutput, 500)]), 0.0735m);

        // 1,000,000 x 0.02
        yield return Invoice("OpenAI_embedding", ListPrices.Embedding3Small, Usage(1_000_000, null, 1_000_000), 0.02m);

        // 1,000 x 3 + 50,000 x 0.30 + 6,000 x 3.75 + 4,000 x 6 + 2,000 x 15
        (string, long)[] writes = [(UsageCounts.CacheWrite, 10_000), (UsageCounts.CacheWriteOneHour, 4_000)];
        yield return Invoice("Anthropic_cache", ListPrices.Sonnet45, Usage(61_000, 2_000, 63_000, cached: 50_000, more: writes), 0.0945m);

        // The same, as the OSS gateway passes it on: its prompt tokens leave out what was cached, its total does not.
        yield return Invoice("Anthropic_cache_input_excludes", ListPrices.Sonnet45, Usage(1_000, 2_000, 63_000, cached: 50_000, more: writes), 0.0945m);

        // 150,000 x 6 + 60,000 x 0.60 + 1,000 x 12 + 1,000 x 22.50: the cached tokens lift the request above 200,000
        yield return Invoice(
            "Anthropic_long",
            ListPrices.Sonnet45,
            Usage(211_000, 1_000, 212_000, cached: 60_000, more: [(UsageCounts.CacheWrite, 1_000), (UsageCounts.CacheWriteOneHour, 1_000)]),
            0.9705m);

        // 200,000 x 1.25 + 1,000 x 10: the tier begins above its limit
        yield return Invoice("Gemini_at_limit", ListPrices.Gemini25Pro, Usage(200_000, 1_000, 201_000), 0.26m);

        // 200,001 x 2.50 + 1,000 x 15 + 3,000 thoughts x 15, which Google adds to the total only
        yield return Invoice("Gemini_above_limit_thoughts", ListPrices.Gemini25Pro, Usage(200_001, 1_000, 204_001, reasoning: 3_000), 0.5600025m);

        // 2,000 x 0.27 + 8,000 x 0.07 + 500 x 1.10
        yield return Invoice("DeepSeek_cache_hit", ListPrices.DeepSeekChat, Usage(10_000, 500, 10_500, cached: 8_000), 0.00165m);

        // 2,000 x 3 + 10,000 x 0.30 + 300 x 15: Bedrock's prompt tokens include the cached ones
        yield return Invoice("Bedrock_cached", ListPrices.Sonnet45, Usage(12_000, 300, 12_300, cached: 10_000), 0.0135m);

        // 100 x 1 + 200 x 1, and 0.005 for the search
        yield return Invoice("Perplexity_per_request", ListPrices.Sonar, Usage(100, 200, 300), 0.0053m);
    }

    [TestCaseSource(nameof(Invoices))]
    public void Usage_at_list_prices_comes_to_the_invoice(ModelPrices prices, UsageDetails usage, decimal invoice)
    {
        NormalizedUsage? normalized = UsageNormalizer.Normalize(usage);

        Assert.That(normalized, Is.Not.Null);
        LlmCost cost = CostCalculator.Calculate(prices, normalized.Value.Tokens, normalized.Value.Basis);
        Assert.That(cost, Is.EqualTo(new LlmCost(invoice, PriceStatus.Exact)));
    }

    private static TestCaseData Invoice(string name, ModelPrices prices, UsageDetails usage, decimal amount) =>
        new TestCaseData(prices, usage, amount).SetName("Invoice_" + name);

    private static UsageDetails Usage(long input, long? output, long total, long? cached = null, long? reasoning = null, (string Key, long Count)[]? more = null)
    {
        UsageDetails usage = new()
        {
            InputTokenCount = input,
            OutputTokenCount = output,
            TotalTokenCount = total,
            CachedInputTokenCount = cached,
            ReasoningTokenCount = reasoning,
        };
        foreach ((string key, long count) in more ?? [])
        {
            usage.AdditionalCounts ??= [];
            usage.AdditionalCounts[key] = count;
        }

        return usage;
    }
}
