using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Tests.Models;

[TestFixture]
public sealed class ModelCatalogueTests
{
    private static readonly ModelCatalogue Catalogue = ModelCatalogue.Embedded;

    [Test]
    public void Embedded_holds_at_least_1600_priced_models_and_2187_rows()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Catalogue.PricedCount, Is.GreaterThanOrEqualTo(2187));
            Assert.That(Catalogue.Count, Is.EqualTo(Catalogue.All.Count).And.GreaterThan(Catalogue.PricedCount));
            Assert.That(Catalogue.Providers, Has.Count.GreaterThanOrEqualTo(28).And.Ordered.Using((IComparer<string>)StringComparer.Ordinal));
        });
    }

    [Test]
    public void Embedded_names_its_sources_and_fingerprint()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Catalogue.Version, Does.Match("^20[0-9]{2}-[0-9]{2}-[0-9]{2}$"));
            Assert.That(Catalogue.Fingerprint, Does.Match("^[0-9a-f]{64}$"));
            Assert.That(Catalogue.Sources.Select(source => source.Licence), Is.All.EqualTo("MIT"));
            Assert.That(Catalogue.Sources.Select(source => source.Name), Is.EqualTo(new[] { "@oh-my-pi/pi-catalog", "@pydantic/genai-prices" }));
        });
    }

    [Test]
    public void Embedded_finds_every_model_by_its_own_name()
    {
        Assert.That(Catalogue.All.Where(model => !ReferenceEquals(Catalogue.Find(model.Provider, model.Model), model)), Is.Empty);
    }

    [Test]
    public void Embedded_has_no_price_that_is_free_without_saying_so()
    {
        IEnumerable<ModelInfo> free = Catalogue.All.Where(model => model.Prices is { Input: 0, Output: 0 });

        Assert.That(free.Select(model => model.Model), Is.Not.Empty.And.All.EndsWith(":free"));
    }

    [Test]
    public void Embedded_has_only_prices_of_a_plausible_size()
    {
        IEnumerable<ModelInfo> odd = Catalogue.All.Where(model =>
            model.Kind == ModelKind.Chat && (model.Prices.Input > 200 || model.Prices.Output > 700 || model.Prices.Input is > 0 and < 0.004m));

        Assert.That(odd, Is.Empty);
    }

    [Test]
    public void Embedded_has_positive_limits_and_ascending_tiers()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Catalogue.All.Where(model => model.ContextTokens <= 0 || model.MaxOutputTokens <= 0), Is.Empty);
            Assert.That(
                Catalogue.All.Where(model => !model.Prices.Tiers.Select(tier => tier.AboveInputTokens).SequenceEqual(model.Prices.Tiers.Select(tier => tier.AboveInputTokens).Order())),
                Is.Empty);
        });
    }

    [Test]
    public void OfProvider_with_another_name_of_the_provider_lists_its_models()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Catalogue.OfProvider("Amazon-Bedrock"), Is.SameAs(Catalogue.OfProvider("bedrock")).And.Not.Empty);
            Assert.That(Catalogue.OfProvider("nobody"), Is.Empty);
        });
    }

    [Test]
    public void OfProvider_cannot_be_written_to()
    {
        IList<ModelInfo> models = (IList<ModelInfo>)Catalogue.OfProvider("openai");

        Assert.That(() => models[0] = models[1], Throws.InstanceOf<NotSupportedException>());
    }

    [Test]
    public void Search_with_words_in_any_order_and_a_kind_lists_what_holds_them_all()
    {
        ModelInfo[] found = [.. Catalogue.Search("SMALL openai/ embedding", ModelKind.Embedding)];

        Assert.That(found.Select(model => model.ToString()), Has.Member("openai/text-embedding-3-small").And.All.Contains("small").And.All.Contains("embedding"));
    }

    [Test]
    public void Search_with_nothing_lists_everything()
    {
        Assert.That(Catalogue.Search("").Count(), Is.EqualTo(Catalogue.Count));
    }

    [Test]
    public void Load_on_a_later_day_has_that_days_list_prices()
    {
        FakeTimeProvider before = new(new DateTimeOffset(2026, 10, 1, 0, 0, 0, TimeSpan.Zero));
        FakeTimeProvider after = new(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero));

        ModelPrices introductory = ModelCatalogue.LoadEmbedded(before).Find("google", "gemini-3.7-flash")!.Prices;
        ModelPrices later = ModelCatalogue.LoadEmbedded(after).Find("google", "gemini-3.7-flash")!.Prices;

        Assert.That((introductory.Input, later.Input), Is.EqualTo((0.75m, 1.5m)));
    }

    [Test]
    public void Embedded_knows_what_common_models_can_do()
    {
        ModelInfo gpt = Catalogue.Find("openai", "gpt-4o")!;
        ModelInfo gemini = Catalogue.Find("google", "gemini-2.5-flash")!;
        const ModelCapabilities ToolsAndSchema = ModelCapabilities.Tools | ModelCapabilities.JsonSchema | ModelCapabilities.Vision;

        Assert.Multiple(() =>
        {
            Assert.That(gpt.Capabilities & ToolsAndSchema, Is.EqualTo(ToolsAndSchema));
            Assert.That(gpt.ContextTokens, Is.EqualTo(128_000));
            Assert.That(gpt.MaxOutputTokens, Is.EqualTo(16_384));
            Assert.That(gemini.InputModalities.HasFlag(ModelModalities.Video | ModelModalities.Audio), Is.True);
            Assert.That(Catalogue.Find("openai", "gpt-4o-2024-05-13")!.Released, Is.EqualTo(new DateOnly(2024, 5, 13)));
            Assert.That(Catalogue.Find("openai", "text-embedding-3-small")!.OutputModalities, Is.EqualTo(ModelModalities.Vector));
        });
    }
}
