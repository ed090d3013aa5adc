using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.CatalogueTool.Tests;

[TestFixture]
public sealed class CatalogueBuilderTests
{
    private static readonly DateOnly Day = new(2026, 9, 23);
    private readonly List<string> _report = [];
    private CatalogueContent _content = null!;

    [OneTimeSetUp]
    public void Build()
    {
        using SamplePackages packages = new();
        _content = CatalogueBuilder.Build(Day, [PiCatalogSource.Read(packages.Pi), GenaiPricesSource.Read(packages.Genai, Day)], _report.Add);
    }

    [Test]
    public void Build_orders_models_by_provider_and_name_without_duplicates()
    {
        string[] names = [.. _content.Models.Select(model => model.ToString())];

        Assert.That(names, Is.Unique);
        Assert.That(_content.Models.Select(model => model.Provider), Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal));
        Assert.That(names, Has.No.Member("kilo/v/m"));
    }

    [Test]
    public void Build_where_sources_agree_fills_further_prices_and_keeps_the_first_ones()
    {
        ModelPrices prices = Find("openai", "gpt-x").Prices;

        Assert.Multiple(() =>
        {
            Assert.That((prices.Input, prices.Output, prices.CacheRead), Is.EqualTo((2m, 8m, 0.5m)));
            Assert.That(prices.CacheWrite, Is.Null, "zero means that nothing is known");
            Assert.That((prices.CacheWriteOneHour, prices.AudioInput), Is.EqualTo((7m, 9m)));
            Assert.That(prices.Tiers.Single(), Is.EqualTo(new PriceTier { AboveInputTokens = 999, Input = 4, Output = 12, CacheRead = 1 }));
        });
    }

    [Test]
    public void Build_reads_limits_and_capabilities()
    {
        ModelInfo model = Find("openai", "gpt-x");

        Assert.Multiple(() =>
        {
            Assert.That((model.ContextTokens, model.MaxOutputTokens), Is.EqualTo((2000, 100)));
            Assert.That(
                model.Capabilities,
                Is.EqualTo(ModelCapabilities.Tools | ModelCapabilities.Vision | ModelCapabilities.Reasoning | ModelCapabilities.PromptCaching | ModelCapabilities.WebSearch | ModelCapabilities.AudioInput));
            Assert.That(model.InputModalities, Is.EqualTo(ModelModalities.Text | ModelModalities.Image | ModelModalities.Audio));
            Assert.That(Find("openai", "nothing-known").Capabilities, Is.EqualTo(ModelCapabilities.None));
        });
    }

    [Test]
    public void Build_scales_service_tiers_with_their_context_tiers()
    {
        PriceVariant flex = Find("openai", "gpt-x").PriceVariants.Single(variant => variant.ServiceTier == "flex");

        Assert.That((flex.Prices.Input, flex.Prices.Tiers[0].Output), Is.EqualTo((1m, 6m)));
    }

    [Test]
    public void Build_of_zero_prices_is_unknown_unless_the_name_says_free()
    {
        Assert.That(Find("openai", "nothing-known").Prices.IsKnown, Is.False);
        Assert.That(Find("openai", "moderation").Prices.IsKnown, Is.False);
        Assert.That(Find("openrouter", "v/m:free").Prices.Input, Is.Zero);
        Assert.That(Find("openrouter", "q:free").Prices.Output, Is.Zero);
    }

    [Test]
    public void Build_of_an_embedding_model_has_free_output_and_no_rounding_noise()
    {
        ModelInfo model = Find("openai", "embed-x");

        Assert.That((model.Prices.Input, model.Prices.Output, model.Kind), Is.EqualTo((0.042m, 0m, ModelKind.Embedding)));
        Assert.That(model.OutputModalities, Is.EqualTo(ModelModalities.Vector));
    }

    [Test]
    public void Build_repairs_a_price_off_the_median_from_the_other_source()
    {
        ModelInfo model = Find("openrouter", "v/m");

        Assert.That((model.Prices.Input, model.IsSuspect, model.PriceSource), Is.EqualTo((1m, false, GenaiPricesSource.PackageName)));
        Assert.That(_report, Has.Some.StartsWith("repaired openrouter/v/m: 1000/4"));
    }

    [Test]
    public void Build_marks_a_price_off_the_median_that_it_cannot_repair()
    {
        Assert.That(Find("deepinfra", "v/m").IsSuspect, Is.True);
        Assert.That(Find("deepinfra", "one-seller").IsSuspect, Is.False);
        Assert.That(_report, Has.Some.StartsWith("suspect deepinfra/v/m"));
    }

    [Test]
    public void Build_marks_prices_in_which_the_sources_contradict_each_other()
    {
        Assert.That(Find("groq", "clash").IsSuspect, Is.True);
    }

    [Test]
    public void Build_reads_dates_and_times_of_day()
    {
        ModelInfo model = Find("openai", "dated");
        DateTimeOffset evening = new(2026, 9, 23, 20, 0, 0, TimeSpan.Zero);

        Assert.Multiple(() =>
        {
            Assert.That(model.PricesAt(evening).Input, Is.EqualTo(5));
            Assert.That(model.PricesAt(evening.AddHours(6)).Input, Is.EqualTo(6));
            Assert.That(model.PricesAt(new DateTimeOffset(2026, 3, 12, 2, 0, 0, TimeSpan.Zero)).Input, Is.EqualTo(10));
            Assert.That(model.PriceVariants[0].Prices.Tiers.Single(), Is.EqualTo(new PriceTier { AboveInputTokens = 200, Input = 20, Output = 40 }));
            Assert.That(model.Prices.Input, Is.EqualTo(6), "the dearest of the day");
        });
    }

    [Test]
    public void Build_reads_off_peak_hours_and_dated_rates()
    {
        ModelInfo model = Find("deepseek", "night");
        DateTimeOffset monday = new(2026, 9, 7, 1, 30, 0, TimeSpan.Zero);

        Assert.Multiple(() =>
        {
            Assert.That(model.PricesAt(monday).Input, Is.EqualTo(2));
            Assert.That(model.PricesAt(monday.AddHours(1)).Input, Is.EqualTo(1));
            Assert.That(model.PricesAt(monday.AddDays(14)).Input, Is.EqualTo(1));
            Assert.That(model.PricesAt(monday.AddDays(16)).Input, Is.EqualTo(0.5m));
        });
    }

    [Test]
    public void Build_places_googles_models_at_both_products_and_others_at_vertex_only()
    {
        Assert.That(_content.Models.Where(model => model.Model == "gemini-9").Select(model => model.Provider), Is.EqualTo(new[] { "google", "vertex-ai" }));
        Assert.That(_content.Models.Where(model => model.Model == "claude-9").Select(model => model.Provider), Is.EqualTo(new[] { "vertex-ai" }));
        Assert.That(_content.Models.Where(model => model.Model == "gemma-9").Select(model => model.Provider), Is.EqualTo(new[] { "google" }));
    }

    [Test]
    public void Build_prices_a_hugging_face_model_by_its_host_and_without_one_by_the_dearest()
    {
        Assert.That(Find("huggingface", "Q/Q:nscale").Prices.Input, Is.EqualTo(1));
        Assert.That(Find("huggingface", "Q/Q").Prices.Input, Is.EqualTo(3));
    }

    [Test]
    public void Build_reads_the_price_of_a_request()
    {
        Assert.That(Find("perplexity-ai", "sonar").Prices.PerRequest, Is.EqualTo(0.012m));
    }

    [TestCase("paint", ModelKind.Image, null)]
    [TestCase("speak", ModelKind.Audio, "1")]
    [TestCase("film", ModelKind.Video, "1")]
    [TestCase("order", ModelKind.Rerank, "0")]
    [TestCase("judge", ModelKind.Moderation, "0")]
    public void Build_reads_the_kind_and_takes_free_output_only_where_there_is_none(string name, ModelKind kind, decimal? output)
    {
        ModelInfo model = Find("deepinfra", name);

        Assert.That((model.Kind, model.Prices.Output), Is.EqualTo((kind, output)));
    }

    [Test]
    public void Build_completes_a_row_from_other_providers_of_the_model()
    {
        ModelInfo model = Find("groq", "Gpt.X");

        Assert.Multiple(() =>
        {
            Assert.That(model.MaxOutputTokens, Is.AnyOf(1, 100));
            Assert.That(model.Capabilities.HasFlag(ModelCapabilities.Tools | ModelCapabilities.Reasoning), Is.True);
            Assert.That(model.Capabilities.HasFlag(ModelCapabilities.Vision), Is.False, "one of two says so: that isn't most");
            Assert.That(model.Capabilities.HasFlag(ModelCapabilities.WebSearch), Is.False, "the seller's, not the model's");
        });
    }

    [Test]
    public void Build_keeps_full_aliases_only()
    {
        Assert.That(_content.Aliases.Select(alias => alias.Name), Is.EqualTo(new[] { "gpt-x-alias" }));
    }

    private ModelInfo Find(string provider, string model) => _content.Models.Single(row => row.Provider == provider && row.Model == model);
}
