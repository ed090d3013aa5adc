using System.Text;
using System.Text.Json;
using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Portkey;

namespace IntegrationLayer.Sdk.Tests.Costing;

/// <summary>
/// Usage as it is on the wire, through reading, normalising and pricing, against what the seller's own rules make of the same call. The arithmetic of
/// each invoice is written out: tokens by the seller's way of counting, times its price per million, and knows nothing of the code under test.
/// </summary>
public sealed class WireInvoiceTests
{
    private const decimal Million = 1_000_000m;

    private static IEnumerable<TestCaseData> Invoices()
    {
        // OpenAI: prompt tokens include cached and audio ones, completion tokens include reasoning and audio.
        yield return Invoice(
            "openai", "cached", ListPrices.Gpt4o,
            """{"prompt_tokens":2006,"completion_tokens":300,"total_tokens":2306,"prompt_tokens_details":{"cached_tokens":1920,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}""",
            ((86 * 2.50m) + (1_920 * 1.25m) + (300 * 10m)) / Million);
        yield return Invoice(
            "openai", "reasoning", ListPrices.O3Mini,
            """{"prompt_tokens":75,"completion_tokens":1186,"total_tokens":1261,"completion_tokens_details":{"reasoning_tokens":1024}}""",
            ((75 * 1.10m) + (1_186 * 4.40m)) / Million);
        yield return Invoice(
            "openai", "audio", ListPrices.Gpt4oAudio,
            """{"prompt_tokens":337,"completion_tokens":140,"total_tokens":477,"prompt_tokens_details":{"cached_tokens":0,"text_tokens":35,"audio_tokens":302},"completion_tokens_details":{"reasoning_tokens":0,"text_tokens":40,"audio_tokens":100}}""",
            ((35 * 2.50m) + (302 * 40m) + (40 * 10m) + (100 * 80m)) / Million);
        yield return Invoice(
            "openai", "cached_audio_and_text", ListPrices.Gpt4oAudio with { CacheRead = 1.25m },
            """{"prompt_tokens":1500,"completion_tokens":60,"total_tokens":1560,"prompt_tokens_details":{"cached_tokens":1024,"audio_tokens":300},"completion_tokens_details":{"audio_tokens":50}}""",
            ((176 * 2.50m) + (1_024 * 1.25m) + (300 * 40m) + (10 * 10m) + (50 * 80m)) / Million);
        yield return Invoice(
            "openai", "cached_and_reasoning", ListPrices.O3Mini,
            """{"prompt_tokens":3000,"completion_tokens":900,"total_tokens":3900,"prompt_tokens_details":{"cached_tokens":2560},"completion_tokens_details":{"reasoning_tokens":832}}""",
            ((440 * 1.10m) + (2_560 * 0.55m) + (900 * 4.40m)) / Million);
        yield return Invoice("openai", "embedding", ListPrices.Embedding3Small, """{"prompt_tokens":8191,"total_tokens":8191}""", 8_191 * 0.02m / Million);
        yield return Invoice(
            "openai", "image", ListPrices.GptImage1,
            """{"input_tokens":250,"output_tokens":4160,"total_tokens":4410,"input_tokens_details":{"text_tokens":50,"image_tokens":200},"output_tokens_details":{"image_tokens":4160}}""",
            ((50 * 5m) + (200 * 10m) + (4_160 * 40m)) / Million);

        // Azure bills as OpenAI does.
        yield return Invoice(
            "azure-openai", "cached", ListPrices.Gpt4o,
            """{"prompt_tokens":5000,"completion_tokens":10,"total_tokens":5010,"prompt_tokens_details":{"cached_tokens":4992}}""",
            ((8 * 2.50m) + (4_992 * 1.25m) + (10 * 10m)) / Million);

        // Anthropic: input tokens leave out what was read from and written to the cache.
        yield return Invoice(
            "anthropic", "cache_read", ListPrices.Sonnet45,
            """{"prompt_tokens":21,"completion_tokens":393,"total_tokens":188500,"prompt_tokens_details":{"cached_tokens":188086},"cache_read_input_tokens":188086,"cache_creation_input_tokens":0}""",
            ((21 * 3m) + (188_086 * 0.30m) + (393 * 15m)) / Million);
        yield return Invoice(
            "anthropic", "cache_write_5m_and_1h", ListPrices.Sonnet45,
            """{"input_tokens":2048,"output_tokens":503,"cache_read_input_tokens":1800,"cache_creation_input_tokens":248,"cache_creation":{"ephemeral_5m_input_tokens":148,"ephemeral_1h_input_tokens":100}}""",
            ((2_048 * 3m) + (1_800 * 0.30m) + (148 * 3.75m) + (100 * 6m) + (503 * 15m)) / Million);
        yield return Invoice(
            "anthropic", "long_context", ListPrices.Sonnet45,
            """{"input_tokens":150000,"output_tokens":1000,"cache_read_input_tokens":60000,"cache_creation_input_tokens":0}""",
            ((150_000 * 6m) + (60_000 * 0.60m) + (1_000 * 22.50m)) / Million);
        yield return Invoice(
            "anthropic", "web_search", ListPrices.Sonnet45 with { PerSearch = 0.01m },
            """{"input_tokens":6039,"output_tokens":931,"cache_read_input_tokens":0,"cache_creation_input_tokens":0,"server_tool_use":{"web_search_requests":3}}""",
            (((6_039 * 3m) + (931 * 15m)) / Million) + (3 * 10m / 1_000));

        // Gemini: prompt tokens include cached ones; thoughts are apart from the candidates, and only in the total.
        yield return Invoice(
            "google", "thoughts", ListPrices.Gemini25Pro,
            """{"prompt_tokens":1000,"completion_tokens":500,"total_tokens":3500,"completion_tokens_details":{"reasoning_tokens":2000}}""",
            ((1_000 * 1.25m) + ((500 + 2_000) * 10m)) / Million);
        yield return Invoice(
            "google", "cached_long", ListPrices.Gemini25Pro,
            """{"prompt_tokens":300000,"completion_tokens":500,"total_tokens":300500,"prompt_tokens_details":{"cached_tokens":250000}}""",
            ((50_000 * 2.50m) + (250_000 * 0.25m) + (500 * 15m)) / Million);
        yield return Invoice(
            "vertex-ai", "audio", ListPrices.Gemini25Flash,
            """{"prompt_tokens":1100,"completion_tokens":50,"total_tokens":1150,"prompt_tokens_details":{"audio_tokens":1000}}""",
            ((100 * 0.30m) + (1_000 * 1.00m) + (50 * 2.50m)) / Million);

        yield return Invoice(
            "google", "tier_cache_and_thoughts", ListPrices.Gemini25Pro,
            """{"prompt_tokens":210000,"completion_tokens":800,"total_tokens":214800,"prompt_tokens_details":{"cached_tokens":150000},"completion_tokens_details":{"reasoning_tokens":4000}}""",
            ((60_000 * 2.50m) + (150_000 * 0.25m) + ((800 + 4_000) * 15m)) / Million);
        yield return Invoice(
            "vertex-ai", "tier_begins_above_its_limit", ListPrices.Gemini25Pro,
            """{"prompt_tokens":200000,"completion_tokens":10,"total_tokens":200010}""",
            ((200_000 * 1.25m) + (10 * 10m)) / Million);

        // DeepSeek: hits are part of the prompt.
        yield return Invoice(
            "deepseek", "hits", ListPrices.DeepSeekChat,
            """{"prompt_tokens":10000,"completion_tokens":500,"total_tokens":10500,"prompt_cache_hit_tokens":9984,"prompt_cache_miss_tokens":16}""",
            ((9_984 * 0.07m) + (16 * 0.27m) + (500 * 1.10m)) / Million);
        yield return Invoice(
            "deepseek", "reasoner", ListPrices.DeepSeekReasoner,
            """{"prompt_tokens":17,"completion_tokens":2300,"total_tokens":2317,"prompt_cache_hit_tokens":0,"completion_tokens_details":{"reasoning_tokens":2100}}""",
            ((17 * 0.55m) + (2_300 * 2.19m)) / Million);

        // Bedrock through the gateway: prompt tokens include what was cached.
        yield return Invoice(
            "bedrock", "claude_cache", ListPrices.Sonnet45,
            """{"prompt_tokens":12400,"completion_tokens":300,"total_tokens":12700,"prompt_tokens_details":{"cached_tokens":10000},"cache_read_input_tokens":10000,"cache_creation_input_tokens":2000}""",
            ((400 * 3m) + (10_000 * 0.30m) + (2_000 * 3.75m) + (300 * 15m)) / Million);
        yield return Invoice(
            "bedrock", "nova", ListPrices.NovaLite, """{"prompt_tokens":4000,"completion_tokens":250,"total_tokens":4250}""", ((4_000 * 0.06m) + (250 * 0.24m)) / Million);

        yield return Invoice(
            "bedrock", "nova_cached", ListPrices.NovaLite,
            """{"prompt_tokens":9000,"completion_tokens":120,"total_tokens":9120,"prompt_tokens_details":{"cached_tokens":8000}}""",
            ((1_000 * 0.06m) + (8_000 * 0.015m) + (120 * 0.24m)) / Million);
        yield return Invoice(
            "bedrock", "claude_long_context", ListPrices.Sonnet45,
            """{"prompt_tokens":205000,"completion_tokens":100,"total_tokens":205100,"prompt_tokens_details":{"cached_tokens":200000},"cache_read_input_tokens":200000,"cache_creation_input_tokens":0}""",
            ((5_000 * 6m) + (200_000 * 0.60m) + (100 * 22.50m)) / Million);

        // Perplexity: tokens and, for deep research, searches.
        yield return Invoice(
            "perplexity-ai", "deep_research", ListPrices.SonarDeepResearch with { PerSearch = 0.005m },
            """{"prompt_tokens":33,"completion_tokens":7163,"total_tokens":7196,"num_search_queries":18}""",
            (((33 * 2m) + (7_163 * 8m)) / Million) + (18 * 5m / 1_000));
    }

    [TestCaseSource(nameof(Invoices))]
    public void Usage_on_the_wire_comes_to_the_invoice(string provider, string wire, ModelPrices prices, decimal invoice)
    {
        NormalizedUsage usage = Read(provider, wire);

        LlmCost cost = CostCalculator.Calculate(prices, usage.Tokens, usage.Basis);

        Assert.That(cost, Is.EqualTo(new LlmCost(invoice, PriceStatus.Exact)));
    }

    // Half the standard price, by OpenAI's, Anthropic's and Google's price lists.
    [Test]
    public void Batch_costs_half_where_the_seller_says_so()
    {
        NormalizedUsage usage = Read("openai", """{"prompt_tokens":100000,"completion_tokens":20000,"total_tokens":120000,"prompt_tokens_details":{"cached_tokens":0}}""");
        ModelInfo model = new()
        {
            Provider = "openai",
            Model = "gpt-4o",
            Prices = ListPrices.Gpt4o,
            PriceVariants = [new PriceVariant { ServiceTier = "batch", Prices = new ModelPrices { Input = 1.25m, Output = 5m } }],
        };

        SettlementPrice price = SettlementPrices.Of(model, usage, serviceTier: "batch");

        Assert.That(price.Cost, Is.EqualTo(new LlmCost(((100_000 * 1.25m) + (20_000 * 5m)) / Million, PriceStatus.Exact)));
    }

    // Anthropic's and Google's batch prices with their caches: half of each class; the tier above 200,000 tokens is halved, too.
    [Test]
    public void Batch_with_cache_and_tier_costs_half_of_each_class()
    {
        static ModelPrices Half(ModelPrices p) => p with
        {
            Input = p.Input / 2, CacheRead = p.CacheRead / 2, CacheWrite = p.CacheWrite / 2, CacheWriteOneHour = p.CacheWriteOneHour / 2, Output = p.Output / 2,
            Tiers = [.. p.Tiers.Select(t => t with { Input = t.Input / 2, CacheRead = t.CacheRead / 2, CacheWrite = t.CacheWrite / 2, Output = t.Output / 2 })],
        };
        NormalizedUsage claude = Read("anthropic", """{"input_tokens":150000,"output_tokens":1000,"cache_read_input_tokens":60000,"cache_creation_input_tokens":0}""");
        NormalizedUsage gemini = Read("google", """{"prompt_tokens":1000,"completion_tokens":500,"total_tokens":3500,"prompt_tokens_details":{"cached_tokens":400},"completion_tokens_details":{"reasoning_tokens":2000}}""");

        Assert.That(
            SettlementPrices.Of(Batch("anthropic", ListPrices.Sonnet45, Half), claude, serviceTier: "batch").Cost,
            Is.EqualTo(new LlmCost(((150_000 * 3m) + (60_000 * 0.30m) + (1_000 * 11.25m)) / Million, PriceStatus.Exact)));
        Assert.That(
            SettlementPrices.Of(Batch("google", ListPrices.Gemini25Pro, Half), gemini, serviceTier: "batch").Cost,
            Is.EqualTo(new LlmCost(((600 * 0.625m) + (400 * 0.0625m) + (2_500 * 5m)) / Million, PriceStatus.Exact)));

        static ModelInfo Batch(string provider, ModelPrices prices, Func<ModelPrices, ModelPrices> half) => new()
        {
            Provider = provider,
            Model = "model",
            Prices = prices,
            PriceVariants = [new PriceVariant { ServiceTier = "batch", Prices = half(prices) }],
        };
    }

    [Test]
    public void Batch_without_a_known_price_is_bounded_by_the_standard_one()
    {
        NormalizedUsage usage = Read("openai", """{"prompt_tokens":1000,"completion_tokens":0,"total_tokens":1000}""");
        ModelInfo model = new() { Provider = "openai", Model = "gpt-4o", Prices = ListPrices.Gpt4o };

        Assert.That(SettlementPrices.Of(model, usage, serviceTier: "batch").Cost, Is.EqualTo(new LlmCost(0.0025m, PriceStatus.UpperBound)));
        Assert.That(SettlementPrices.Of(model, usage, serviceTier: "default").Cost, Is.EqualTo(new LlmCost(0.0025m, PriceStatus.Exact)));
        Assert.That(SettlementPrices.Of(model, usage, serviceTier: "priority").Cost, Is.EqualTo(LlmCost.Unknown));
    }

    private static NormalizedUsage Read(string provider, string wire)
    {
        Utf8JsonReader reader = new(Encoding.UTF8.GetBytes(wire));
        reader.Read();
        UsageCounter counter = default;
        counter.Read(ref reader);
        return UsageNormalizer.Normalize(counter.ToUsage(provider))!.Value;
    }

    private static TestCaseData Invoice(string provider, string name, ModelPrices prices, string wire, decimal amount) =>
        new TestCaseData(provider, wire, prices, amount).SetName($"Wire_{provider}_{name}");
}
