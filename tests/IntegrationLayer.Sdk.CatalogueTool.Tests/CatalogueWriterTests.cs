using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.CatalogueTool.Tests;

[TestFixture]
public sealed class CatalogueWriterTests
{
    private static readonly ModelPrices Prices = new()
    {
        Input = 0.000000001m,
        Output = 123.456789m,
        CacheRead = 0,
        CacheWrite = 1,
        CacheWriteOneHour = 2,
        Reasoning = 3,
        AudioInput = 4,
        AudioOutput = 5,
        ImageInput = 6,
        ImageOutput = 7,
        PerRequest = 0.012m,
        Tiers = [new PriceTier { AboveInputTokens = 200_000, Input = 2, Output = 3, CacheRead = 4, CacheWrite = 5 }],
    };

    private static readonly CatalogueContent Content = new()
    {
        Version = "2026-09-23",
        Sources = [new CatalogueSource("s", "1", "MIT")],
        Models =
        [
            new ModelInfo { Provider = "a", Model = "m-1" },
            new ModelInfo
            {
                Provider = "a",
                Model = "m-ü",
                Kind = ModelKind.Ocr,
                IsSuspect = true,
                Prices = Prices,
                PriceSource = "s",
                ContextTokens = 1,
                MaxOutputTokens = int.MaxValue,
                Capabilities = ModelCapabilities.VideoInput,
                InputModalities = ModelModalities.Pdf,
                OutputModalities = ModelModalities.Score,
                Released = new DateOnly(2024, 2, 29),
                PriceVariants =
                [
                    new PriceVariant
                    {
                        ValidFrom = new DateTimeOffset(2026, 1, 2, 3, 4, 0, TimeSpan.Zero),
                        Region = "eu",
                        ServiceTier = "batch",
                        Windows = [new PriceWindow { Days = [DayOfWeek.Sunday, DayOfWeek.Saturday], StartMinute = 1, EndMinute = 2 }],
                        Prices = new ModelPrices { Input = 9 },
                    },
                    new PriceVariant { Prices = Prices },
                ],
            },
            new ModelInfo { Provider = "b", Model = "m-1", Prices = Prices, PriceSource = "s" },
        ],
        Aliases = [new CatalogueAlias("other", 1)],
    };

    [Test]
    public void Write_then_read_gives_the_same_content()
    {
        CatalogueReader.Read(CatalogueWriter.Write(Content), "f", out CatalogueContent read);

        Assert.Multiple(() =>
        {
            Assert.That(read.Version, Is.EqualTo(Content.Version));
            Assert.That(read.Sources, Is.EqualTo(Content.Sources));
            Assert.That(read.Aliases, Is.EqualTo(Content.Aliases));
            Assert.That(read.Models.Select(Plain), Is.EqualTo(Content.Models.Select(Plain)));
            AssertSame(read.Models[1].Prices, Prices);
            Assert.That(read.Models[2].Prices, Is.SameAs(read.Models[1].Prices), "equal prices are stored once");
            PriceVariant variant = read.Models[1].PriceVariants[0];
            PriceVariant expected = Content.Models[1].PriceVariants[0];
            Assert.That((variant.ValidFrom, variant.Region, variant.ServiceTier), Is.EqualTo((expected.ValidFrom, expected.Region, expected.ServiceTier)));
            Assert.That(variant.Windows[0].Days, Is.EqualTo(expected.Windows[0].Days));
            Assert.That((variant.Windows[0].StartMinute, variant.Windows[0].EndMinute), Is.EqualTo((1, 2)));
            AssertSame(read.Models[1].PriceVariants[1].Prices, Prices);
        });
    }

    [Test]
    public void Write_twice_gives_the_same_bytes()
    {
        byte[] first = CatalogueWriter.Write(Content);
        byte[] second = CatalogueWriter.Write(Content);

        Assert.That(second, Is.EqualTo(first));
    }

    [Test]
    public void Load_of_a_written_file_finds_models_and_aliases()
    {
        using MemoryStream stream = new(CatalogueWriter.Write(Content));

        ModelCatalogue catalogue = ModelCatalogue.Load(stream);

        Assert.Multiple(() =>
        {
            Assert.That((catalogue.Count, catalogue.PricedCount), Is.EqualTo((3, 2)));
            Assert.That(catalogue.Find("a", "OTHER"), Is.SameAs(catalogue.Find("a", "m-ü")));
            Assert.That(catalogue.Providers, Is.EqualTo(new[] { "a", "b" }));
        });
    }

    [Test]
    public void Decode_of_content_cut_anywhere_fails_in_an_expected_way()
    {
        byte[] bytes = new CatalogueEncoder().Encode(Content);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.That(() => new CatalogueDecoder(bytes[..length]).Decode(), Throws.Exception.Matches<Exception>(exception => CatalogueReader.IsDamage(exception!)), $"length {length}");
        }
    }

    [TestCase(1, "a/m-2025-01-01")]
    [TestCase(2, null)]
    public void Find_without_a_date_finds_the_newest_snapshot_only_where_all_cost_the_same(int newer, string? expected)
    {
        CatalogueContent content = new()
        {
            Version = "2026-09-23",
            Sources = [],
            Models =
            [
                new ModelInfo { Provider = "a", Model = "m-2024-01-01", Prices = new ModelPrices { Input = 1, Output = 1 } },
                new ModelInfo { Provider = "a", Model = "m-2025-01-01", Prices = new ModelPrices { Input = newer, Output = 1 } },
            ],
            Aliases = [],
        };
        using MemoryStream stream = new(CatalogueWriter.Write(content));
        ModelCatalogue catalogue = ModelCatalogue.Load(stream);

        Assert.That(catalogue.Find("a", "m")?.ToString(), Is.EqualTo(expected));
        Assert.That(catalogue.Find("a", "m-2023-01-01"), Is.Null, "another snapshot may have another price");
    }

    private static ModelInfo Plain(ModelInfo model) => model with { Prices = ModelPrices.Unknown, PriceVariants = [] };

    private static void AssertSame(ModelPrices actual, ModelPrices expected)
    {
        Assert.That(actual with { Tiers = [] }, Is.EqualTo(expected with { Tiers = [] }));
        Assert.That(actual.Tiers, Is.EqualTo(expected.Tiers));
    }
}
