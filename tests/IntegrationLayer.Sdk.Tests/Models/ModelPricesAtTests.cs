using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Tests.Models;

[TestFixture]
public sealed class ModelPricesAtTests
{
    // A Wednesday, noon.
    private static readonly DateTimeOffset Noon = new(2026, 9, 23, 12, 0, 0, TimeSpan.Zero);

    private static readonly ModelInfo Model = new()
    {
        Provider = "p",
        Model = "m",
        Prices = Price(10),
        PriceVariants =
        [
            new PriceVariant { Prices = Price(8) },
            new PriceVariant { ValidFrom = Noon.AddDays(-10), Prices = Price(5) },
            new PriceVariant { ValidFrom = Noon.AddDays(-10), Windows = [new PriceWindow { StartMinute = 780, EndMinute = 840 }], Prices = Price(10) },
            new PriceVariant { ValidFrom = Noon.AddDays(10), Prices = Price(20) },
            new PriceVariant { Region = "eu", Prices = Price(11) },
            new PriceVariant { Region = "eu-west-1", Prices = Price(12) },
            new PriceVariant { ServiceTier = "batch", Prices = Price(4) },
            new PriceVariant { ServiceTier = "batch", Region = "eu", Prices = Price(6) },
            new PriceVariant { ServiceTier = "priority", Prices = Price(30) },
        ],
    };

    [Test]
    public void PricesAt_before_the_first_date_has_the_old_prices() => AssertInput(Noon.AddDays(-11), null, null, 8);

    [Test]
    public void PricesAt_after_a_date_has_the_prices_from_then() => AssertInput(Noon, null, null, 5);

    [Test]
    public void PricesAt_after_a_later_date_has_the_later_prices() => AssertInput(Noon.AddDays(11), null, null, 20);

    [Test]
    public void PricesAt_in_a_window_has_the_windows_prices() => AssertInput(Noon.AddHours(1), null, null, 10);

    [Test]
    public void PricesAt_at_the_end_of_a_window_is_outside_it() => AssertInput(Noon.AddHours(2), null, null, 5);

    [TestCase("eu", 11)]
    [TestCase("EU-central-1", 11)]
    [TestCase("eu-west-1", 12)]
    [TestCase("europe", 5)]
    [TestCase("us", 5)]
    public void PricesAt_in_a_region_has_the_closest_regions_prices(string region, int expected) => AssertInput(Noon, region, null, expected);

    [TestCase("batch", null, 4)]
    [TestCase("BATCH", "eu-west-1", 6)]
    [TestCase("priority", null, 30)]
    [TestCase("priority", "eu", 30)]
    [TestCase("flex", null, 5)]
    [TestCase("default", null, 5)]
    [TestCase("standard_only", null, 5)]
    [TestCase("on_demand", "eu", 11)]
    [TestCase("auto", null, 5)]
    [TestCase("", null, 5)]
    public void PricesAt_at_a_service_tier_has_its_prices_or_the_standard_ones(string tier, string? region, int expected) => AssertInput(Noon, region, tier, expected);

    [Test]
    public void PricesAt_at_a_dearer_tier_without_prices_is_unknown()
    {
        Assert.That(Model.PricesAt(Noon, null, "scale").IsKnown, Is.False);
        Assert.That((Model with { PriceVariants = [] }).PricesAt(Noon, null, "priority").IsKnown, Is.False);
    }

    [Test]
    public void PricesAt_without_variants_has_the_list_prices()
    {
        ModelInfo plain = Model with { PriceVariants = [] };

        Assert.That(plain.PricesAt(Noon), Is.SameAs(plain.Prices));
        Assert.That(plain.PricesAt(Noon, "eu", "batch"), Is.SameAs(plain.Prices));
    }

    [Test]
    public void ListPrices_are_the_dearest_of_the_day_in_force()
    {
        Assert.That(PriceResolver.ListPrices(Model, Noon).Input, Is.EqualTo(10));
        Assert.That(PriceResolver.ListPrices(Model, Noon.AddDays(-11)).Input, Is.EqualTo(8));
        Assert.That(PriceResolver.ListPrices(Model with { PriceVariants = [] }, Noon).Input, Is.EqualTo(10));
    }

    [Test]
    public void Embedded_bills_deepseek_by_the_hour_and_the_day()
    {
        ModelInfo model = ModelCatalogue.Embedded.Find("deepseek", "deepseek-v4-flash")!;
        DateTimeOffset peak = new(2026, 9, 23, 2, 0, 0, TimeSpan.Zero);

        decimal? atPeak = model.PricesAt(peak).Output;

        Assert.That(model.PricesAt(peak.AddHours(3)).Output, Is.EqualTo(atPeak / 2));
        Assert.That(model.PricesAt(peak.AddDays(3)).Output, Is.EqualTo(atPeak / 2), "Saturday");
        Assert.That(model.Prices.Output, Is.EqualTo(atPeak));
    }

    [Test]
    public void Embedded_bills_openais_service_tiers_with_their_long_context()
    {
        ModelInfo model = ModelCatalogue.Embedded.Find("openai", "gpt-5.5")!;

        ModelPrices flex = model.PricesAt(Noon, null, "flex");

        Assert.That(flex.Input, Is.EqualTo(model.Prices.Input / 2));
        Assert.That(flex.Tiers[0].Input, Is.EqualTo(model.Prices.Tiers[0].Input / 2));
        Assert.That(model.PricesAt(Noon, null, "priority").Input, Is.GreaterThan(model.Prices.Input!.Value));
    }

    private static ModelPrices Price(decimal price) => new() { Input = price, Output = price };

    private static void AssertInput(DateTimeOffset at, string? region, string? tier, decimal expected) =>
        Assert.That(Model.PricesAt(at, region, tier).Input, Is.EqualTo(expected));
}
