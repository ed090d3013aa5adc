using System.Text.Json;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.CatalogueTool.Sources;

/// <summary>Reads the npm package @pydantic/genai-prices: the data literal in <c>dist/index.js</c>, prices in US dollars per million tokens.</summary>
internal static class GenaiPricesSource
{
    /// <summary>The package's name.</summary>
    public const string PackageName = "@pydantic/genai-prices";

    private const string HuggingFacePrefix = "huggingface_";

    /// <summary>Reads an unpacked package.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="day">The day whose prices are the list prices.</param>
    public static SourceData Read(string folder, DateOnly day)
    {
        CatalogueSource source = JsonReading.Package(folder, PackageName);
        DateTimeOffset at = new(day, TimeOnly.MinValue, TimeSpan.Zero);
        using JsonDocument document = JsLiteral.FindArray(File.ReadAllText(Path.Combine(folder, "dist", "index.js")), IsData);
        List<Offer> offers = [];
        foreach (JsonElement seller in document.RootElement.EnumerateArray())
        {
            string id = seller.GetProperty("id").GetString()!;
            foreach (JsonElement model in seller.GetProperty("models").EnumerateArray())
            {
                Offer offer = ReadOffer(id, model, at);
                offers.AddRange(Place(offer));
            }
        }

        offers.AddRange(DearestOfHuggingFace(offers));
        return new SourceData(source, offers);
    }

    private static bool IsData(JsonElement element) =>
        element.GetArrayLength() > 0
        && element[0].ValueKind == JsonValueKind.Object
        && element[0].TryGetProperty("id", out _)
        && element[0].TryGetProperty("models", out JsonElement models)
        && models.ValueKind == JsonValueKind.Array;

    private static Offer ReadOffer(string seller, JsonElement model, DateTimeOffset at)
    {
        string name = model.GetProperty("id").GetString()!;
        ModelKind kind = KindRules.Guess(name);
        IReadOnlyList<PriceVariant> variants = GenaiPriceEntries.Read(model.GetProperty("prices"), kind, name, out ModelPrices prices);
        MatchRule rule = MatchRule.Read(model.GetProperty("match"));
        Offer offer = new()
        {
            Provider = SellerNames.Genai.GetValueOrDefault(seller),
            Seller = seller,
            Model = name,
            Source = PackageName,
            Kind = kind,
            Variants = variants,
            ContextTokens = JsonReading.PositiveInt(model, "context_window"),
            Match = rule,
            Aliases = [.. rule.FullNames().Where(alias => alias != name).Distinct(StringComparer.OrdinalIgnoreCase)],
        };
        ModelInfo dated = new() { Provider = "", Model = "", Prices = prices, PriceVariants = variants };
        return offer with { Prices = PriceResolver.ListPrices(dated, at) };
    }

    /// <summary>Assigns an offer to the gateway's providers. The source has one entry for Google's two products and one for each of Hugging Face's hosts.</summary>
    private static IEnumerable<Offer> Place(Offer offer)
    {
        if (offer.Seller.StartsWith(HuggingFacePrefix, StringComparison.Ordinal))
        {
            // Hugging Face's router takes the host behind a colon: "Qwen/Qwen3-8B:nscale".
            yield return offer with { Provider = "huggingface", Model = $"{offer.Model}:{offer.Seller[HuggingFacePrefix.Length..]}", Aliases = [], Match = null };
        }
        else if (offer.Seller == "google")
        {
            bool isGoogles = offer.Model.StartsWith("gem", StringComparison.Ordinal) && !offer.Model.EndsWith("-maas", StringComparison.Ordinal);
            if (isGoogles)
            {
                yield return offer with { Provider = "google" };
            }

            if (!offer.Model.StartsWith("gemma", StringComparison.Ordinal) || !isGoogles)
            {
                yield return offer with { Provider = "vertex-ai" };
            }
        }
        else
        {
            yield return offer;
        }
    }

    /// <summary>Makes the row for a Hugging Face model without a host: its router may choose any of them, so the dearest.</summary>
    private static List<Offer> DearestOfHuggingFace(List<Offer> offers) =>
        [.. offers.Where(offer => offer.Provider == "huggingface" && offer.Prices.IsKnown)
            .GroupBy(offer => offer.Model[..offer.Model.LastIndexOf(':')], StringComparer.OrdinalIgnoreCase)
            .Select(group => group.OrderByDescending(offer => offer.Prices.Input + offer.Prices.Output).First() with { Model = group.Key })];
}
