using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Models;
using FsCheck.NUnit;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;

namespace IntegrationLayer.Sdk.Tests.Costing;

public sealed class SettlementPriceTests
{
    private static readonly ModelInfo Cheap = new() { Provider = "openai", Model = "cheap", Prices = new ModelPrices { Input = 1m, CacheRead = 0.1m, CacheWrite = 1.25m, Output = 4m } };
    private static readonly ModelInfo Dear = new() { Provider = "openai", Model = "dear", Prices = new ModelPrices { Input = 10m, CacheRead = 2m, Output = 40m } };

    [Test]
    public void Answer_of_another_model_has_that_models_price()
    {
        NormalizedUsage usage = Exact(new TokenUsage { Input = 1_000_000, Output = 1_000_000 });

        Assert.That(SettlementPrices.Of(Cheap, usage, served: Dear).Cost, Is.EqualTo(new LlmCost(50m, PriceStatus.Exact)));
        Assert.That(SettlementPrices.Of(Cheap, usage).Cost, Is.EqualTo(new LlmCost(5m, PriceStatus.Exact)));
    }

    [Test]
    public void Answer_of_a_known_model_is_exact_though_what_was_asked_has_no_price()
    {
        NormalizedUsage usage = Exact(new TokenUsage { Input = 1_000_000 });
        RankedDeployment unpriced = SettlementPrices.Ranked(Cheap with { Prices = ModelPrices.Unknown }, prices: new ModelPrices { Input = 99m, Output = 99m });

        Assert.That(SettlementPrice.Of(unpriced, Dear, usage, SettlementPrices.Now, null).Cost, Is.EqualTo(new LlmCost(10m, PriceStatus.Exact)));
        Assert.That(SettlementPrice.Of(unpriced, null, usage, SettlementPrices.Now, null).Cost, Is.EqualTo(new LlmCost(99m, PriceStatus.UpperBound)));
    }

    [Test]
    public void Price_is_that_of_the_day()
    {
        NormalizedUsage usage = Exact(new TokenUsage { Input = 1_000_000 });
        ModelInfo model = Cheap with
        {
            PriceVariants =
            [
                new PriceVariant { Prices = new ModelPrices { Input = 8m } },
                new PriceVariant { ValidFrom = SettlementPrices.Now, Prices = new ModelPrices { Input = 6m } },
            ],
        };

        Assert.That(SettlementPrices.Of(model, usage, at: SettlementPrices.Now.AddTicks(-1)).Cost.Usd, Is.EqualTo(8m));
        Assert.That(SettlementPrices.Of(model, usage, at: SettlementPrices.Now).Cost.Usd, Is.EqualTo(6m));
        Assert.That(SettlementPrices.Of(model, usage, isPricedByUser: true).Cost.Usd, Is.EqualTo(1m), "the user's own price holds always");
    }

    [Test]
    public void Searches_have_the_providers_list_price_unless_the_user_gives_one()
    {
        NormalizedUsage usage = Exact(new TokenUsage { WebSearches = 4 });

        Assert.That(SettlementPrices.Of(Cheap with { Provider = "anthropic" }, usage).Cost, Is.EqualTo(new LlmCost(0.04m, PriceStatus.Exact)));
        Assert.That(SettlementPrices.Of(Cheap with { Provider = "perplexity-ai" }, usage).Cost.Usd, Is.EqualTo(0.02m));
        Assert.That(SettlementPrices.Of(Cheap with { Prices = Cheap.Prices with { PerSearch = 0.5m } }, usage).Cost.Usd, Is.EqualTo(2m));
        Assert.That(SettlementPrices.Of(Cheap, usage).Cost, Is.EqualTo(LlmCost.Unknown));
    }

    [Test]
    public void Saving_is_split_into_prompt_cache_and_routing()
    {
        NormalizedUsage usage = Exact(new TokenUsage { Input = 100_000, CacheRead = 800_000, CacheWrite = 100_000, Output = 10_000 });
        SettlementPrice price = SettlementPrices.Of(Cheap, usage);

        // Paid: 100,000 x 1 + 800,000 x 0.1 + 100,000 x 1.25 + 10,000 x 4. Without the cache: 1,000,000 x 1 + 10,000 x 4. At the reference: 1,000,000 x 10 + 10,000 x 40.
        Assert.That(price.Cost.Usd, Is.EqualTo(0.345m));
        Assert.That(price.Saving(Dear.Prices, usage, price.Cost), Is.EqualTo(new LlmSaving { PromptCacheUsd = 1.04m - 0.345m, RoutingUsd = 10.4m - 1.04m }));
    }

    [Test]
    public void Saving_is_negative_where_the_cache_was_only_written_to()
    {
        NormalizedUsage usage = Exact(new TokenUsage { CacheWrite = 1_000_000 });
        SettlementPrice price = SettlementPrices.Of(Cheap, usage);

        Assert.That(price.Saving(null, usage, price.Cost), Is.EqualTo(new LlmSaving { PromptCacheUsd = -0.25m }));
    }

    [Test]
    public void Calls_that_failed_before_are_taken_off_the_saving_of_routing()
    {
        NormalizedUsage usage = Exact(new TokenUsage { Input = 1_000_000 });
        SettlementPrice price = SettlementPrices.Of(Cheap, usage);

        Assert.That(price.Saving(Dear.Prices, usage, price.Cost + new LlmCost(2m, PriceStatus.UpperBound)), Is.EqualTo(new LlmSaving { RoutingUsd = 7m }));
    }

    [Test]
    public void Searches_cost_the_same_at_the_reference()
    {
        NormalizedUsage usage = Exact(new TokenUsage { Input = 1_000_000, WebSearches = 1_000 });
        SettlementPrice price = SettlementPrices.Of(Cheap with { Provider = "anthropic" }, usage);

        Assert.That(price.Saving(Dear.Prices, usage, price.Cost), Is.EqualTo(new LlmSaving { RoutingUsd = 9m }));
    }

    [Test]
    public void Saving_is_unknown_if_any_price_is()
    {
        NormalizedUsage usage = Exact(new TokenUsage { Input = 1 });
        SettlementPrice known = SettlementPrices.Of(Cheap, usage);
        SettlementPrice unknown = SettlementPrices.Of(Cheap with { Prices = ModelPrices.Unknown }, usage);

        Assert.That(unknown.Saving(Dear.Prices, usage, unknown.Cost), Is.Null);
        Assert.That(known.Saving(ModelPrices.Unknown, usage, known.Cost), Is.Null);
        Assert.That(known.Saving(Dear.Prices, usage, LlmCost.Unknown), Is.Null);
    }

    [Property(MaxTest = 300)]
    public bool Parts_and_price_add_up_to_the_yardstick(ushort input, ushort read, ushort write, ushort output, ushort wasted)
    {
        NormalizedUsage usage = Exact(new TokenUsage { Input = input, CacheRead = read, CacheWrite = write, Output = output });
        SettlementPrice price = SettlementPrices.Of(Cheap, usage);
        LlmCost spent = price.Cost + new LlmCost(wasted, PriceStatus.UpperBound);
        decimal yardstick = (((input + read + write) * 10m) + (output * 40m)) / 1_000_000m;

        return price.Saving(Dear.Prices, usage, spent)!.Value.TotalUsd + spent.Usd == yardstick;
    }

    [Test]
    public void Saving_says_its_parts() => Assert.That(
        new LlmSaving { CacheUsd = 0.01m, PromptCacheUsd = -0.002m, RoutingUsd = 1 }.ToString(), Is.EqualTo("$1.008 (cache $0.01, prompt cache $-0.002, routing $1)"));

    private static NormalizedUsage Exact(TokenUsage tokens) => new(tokens, PriceStatus.Exact);
}
