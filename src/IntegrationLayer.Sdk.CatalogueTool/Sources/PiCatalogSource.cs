using System.Text.Json;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.CatalogueTool.Sources;

/// <summary>Reads the npm package @oh-my-pi/pi-catalog: <c>src/models.json</c>, prices in US dollars per million tokens.</summary>
internal static class PiCatalogSource
{
    /// <summary>The package's name.</summary>
    public const string PackageName = "@oh-my-pi/pi-catalog";

    /// <summary>Reads an unpacked package.</summary>
    public static SourceData Read(string folder)
    {
        CatalogueSource source = JsonReading.Package(folder, PackageName);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "src", "models.json")));
        JsonElement root = document.RootElement;
        List<Offer> offers = [];
        foreach (JsonProperty seller in root.EnumerateObject())
        {
            string? slug = SellerNames.Pi.GetValueOrDefault(seller.Name);
            foreach (JsonProperty model in seller.Value.EnumerateObject())
            {
                offers.Add(ReadOffer(seller.Name, slug, model, root));
            }
        }

        return new SourceData(source, offers);
    }

    private static Offer ReadOffer(string seller, string? slug, JsonProperty entry, JsonElement root)
    {
        JsonElement value = entry.Value;
        ModelKind kind = ReadKind(value, entry.Name);
        ModelPrices prices = ReadPrices(value.GetProperty("cost"), kind, entry.Name);
        return new Offer
        {
            Provider = slug,
            Seller = seller,
            Model = entry.Name,
            Source = PackageName,
            Kind = kind,
            Prices = prices,
            Variants = PiSchedule.Read(value.GetProperty("cost"), prices, kind, entry.Name),
            ServiceTiers = slug == "openai" ? ReadServiceTiers(root, prices, kind, entry.Name) : new Dictionary<string, decimal>(),
            ContextTokens = JsonReading.PositiveInt(value, "contextWindow"),
            MaxOutputTokens = JsonReading.PositiveInt(value, "maxTokens"),
            Capabilities = ReadCapabilities(value, kind, prices),
        };
    }

    /// <summary>Reads prices. Zero is what the package writes where nothing is known, except for models named as free.</summary>
    internal static ModelPrices ReadPrices(JsonElement cost, ModelKind kind, string name)
    {
        decimal? input = JsonReading.Price(cost, "input");
        decimal? output = JsonReading.Price(cost, "output");
        if (input is null or 0 && output is null or 0)
        {
            return name.EndsWith(":free", StringComparison.Ordinal)
                ? new ModelPrices { Input = 0, Output = 0, CacheRead = 0, CacheWrite = 0 }
                : ModelPrices.Unknown;
        }

        bool writesTokens = kind is not (ModelKind.Embedding or ModelKind.Rerank or ModelKind.Moderation);
        return new ModelPrices
        {
            Input = input,
            Output = output == 0 && writesTokens ? null : output,
            CacheRead = JsonReading.PositivePrice(cost, "cacheRead"),
            CacheWrite = JsonReading.PositivePrice(cost, "cacheWrite"),
            Tiers = ReadTiers(cost),
        };
    }

    private static PriceTier[] ReadTiers(JsonElement cost)
    {
        if (!cost.TryGetProperty("longContext", out JsonElement tier) || JsonReading.PositiveInt(tier, "inputThreshold") is not int threshold)
        {
            return [];
        }

        return
        [
            new PriceTier
            {
                AboveInputTokens = JsonReading.IsTrue(tier, "inputThresholdInclusive") ? threshold - 1 : threshold,
                Input = JsonReading.PositivePrice(tier, "input"),
                Output = JsonReading.PositivePrice(tier, "output"),
                CacheRead = JsonReading.PositivePrice(tier, "cacheRead"),
                CacheWrite = JsonReading.PositivePrice(tier, "cacheWrite"),
            },
        ];
    }

    /// <summary>Reads the factors of OpenAI's service tiers, which the package keeps beside another seller of the same models at the same prices.</summary>
    private static Dictionary<string, decimal> ReadServiceTiers(JsonElement root, ModelPrices prices, ModelKind kind, string name)
    {
        if (!prices.IsKnown
            || !root.TryGetProperty("openai-codex", out JsonElement codex)
            || !codex.TryGetProperty(name, out JsonElement sibling)
            || !sibling.TryGetProperty("serviceTierCost", out JsonElement factors))
        {
            return [];
        }

        ModelPrices there = ReadPrices(sibling.GetProperty("cost"), kind, name);
        return there.Input == prices.Input && there.Output == prices.Output
            ? factors.EnumerateObject().ToDictionary(factor => factor.Name, factor => factor.Value.GetDecimal())
            : [];
    }

    private static ModelKind ReadKind(JsonElement value, string name) =>
        JsonReading.Text(value, "kind") switch
        {
            "embedding" => ModelKind.Embedding,
            "image" => ModelKind.Image,
            "tts" or "stt" => ModelKind.Audio,
            "video" => ModelKind.Video,
            "rerank" => ModelKind.Rerank,
            "judge" => ModelKind.Moderation,
            _ => KindRules.Guess(name),
        };

    private static ModelCapabilities? ReadCapabilities(JsonElement value, ModelKind kind, ModelPrices prices)
    {
        ModelCapabilities capabilities = prices.CacheRead is > 0 ? ModelCapabilities.PromptCaching : ModelCapabilities.None;
        if (value.TryGetProperty("input", out JsonElement input) && input.EnumerateArray().Any(item => item.ValueEquals("image")))
        {
            capabilities |= ModelCapabilities.Vision;
        }

        if (kind != ModelKind.Chat)
        {
            return capabilities;
        }

        bool tools = !value.TryGetProperty("supportsTools", out JsonElement supports) || supports.ValueKind != JsonValueKind.False;
        return capabilities
            | (tools ? ModelCapabilities.Tools : ModelCapabilities.None)
            | (JsonReading.IsTrue(value, "reasoning") ? ModelCapabilities.Reasoning : ModelCapabilities.None)
            | (JsonReading.Text(value, "webSearch") is null ? ModelCapabilities.None : ModelCapabilities.WebSearch);
    }
}
