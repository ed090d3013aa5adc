using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Tests.Costing;

public sealed class CostCalculatorTests
{
    private static readonly TokenUsage EveryClass = new()
    {
        Input = 1_000_000,
        CacheRead = 1_000_000,
        CacheWrite = 1_000_000,
        CacheWriteOneHour = 1_000_000,
        AudioInput = 1_000_000,
        ImageInput = 1_000_000,
        Output = 1_000_000,
        Reasoning = 1_000_000,
        AudioOutput = 1_000_000,
        ImageOutput = 1_000_000,
    };

    [Test]
    public void Prices_of_input_and_output_only_stand_in_for_every_class()
    {
        LlmCost cost = CostCalculator.Calculate(new ModelPrices { Input = 1m, Output = 10m }, EveryClass, PriceStatus.Exact);

        Assert.That(cost, Is.EqualTo(new LlmCost(46m, PriceStatus.Exact)));
    }

    [Test]
    public void Breakdown_names_the_amount_of_each_class()
    {
        ModelPrices prices = new()
        {
            Input = 1m,
            CacheRead = 0.1m,
            CacheWrite = 2m,
            CacheWriteOneHour = 3m,
            Output = 4m,
            Reasoning = 5m,
            AudioInput = 6m,
            AudioOutput = 7m,
            ImageInput = 8m,
            ImageOutput = 9m,
            PerRequest = 0.5m,
        };

        LlmCost cost = CostCalculator.Calculate(prices, EveryClass, PriceStatus.Exact, out CostBreakdown breakdown);

        Assert.That(breakdown, Is.EqualTo(new CostBreakdown
        {
            Input = 1m,
            CacheRead = 0.1m,
            CacheWrite = 5m,
            Output = 4m,
            Reasoning = 5m,
            Audio = 13m,
            Image = 17m,
            PerRequest = 0.5m,
        }));
        Assert.That(cost.Usd, Is.EqualTo(45.6m));
    }

    [Test]
    public void One_hour_writes_without_a_price_cost_what_short_ones_do()
    {
        ModelPrices prices = new() { Input = 1m, CacheWrite = 2m };

        LlmCost cost = CostCalculator.Calculate(prices, new TokenUsage { CacheWriteOneHour = 1_000_000 }, PriceStatus.Exact);

        Assert.That(cost.Usd, Is.EqualTo(2m));
    }

    [Test]
    public void Missing_price_of_a_class_with_tokens_makes_the_cost_unknown()
    {
        LlmCost cost = CostCalculator.Calculate(
            new ModelPrices { Input = 1m }, new TokenUsage { Input = 1, Output = 1 }, PriceStatus.Exact, out CostBreakdown breakdown);

        Assert.That(cost, Is.EqualTo(LlmCost.Unknown));
        Assert.That(breakdown.Total, Is.Zero);
    }

    [Test]
    public void Missing_price_of_a_class_without_tokens_does_not_matter() =>
        Assert.That(
            CostCalculator.Calculate(new ModelPrices { Input = 1m }, new TokenUsage { Input = 1_000_000 }, PriceStatus.Exact),
            Is.EqualTo(new LlmCost(1m, PriceStatus.Exact)));

    [Test]
    public void Prices_of_which_nothing_is_known_are_unknown_even_without_tokens() =>
        Assert.That(CostCalculator.Calculate(ModelPrices.Unknown, default, PriceStatus.Exact), Is.EqualTo(LlmCost.Unknown));

    [Test]
    public void Unknown_basis_stays_unknown() =>
        Assert.That(CostCalculator.Calculate(ListPrices.Gpt4o, EveryClass, PriceStatus.Unknown), Is.EqualTo(LlmCost.Unknown));

    [Test]
    public void Prices_of_zero_are_free_whatever_the_basis() =>
        Assert.That(
            CostCalculator.Calculate(new ModelPrices { Input = 0m, Output = 0m }, EveryClass, PriceStatus.Estimated),
            Is.EqualTo(LlmCost.None));

    [Test]
    public void Free_input_with_paid_output_is_not_free() =>
        Assert.That(
            CostCalculator.Calculate(new ModelPrices { Input = 0m, Output = 1m }, new TokenUsage { Input = 5, Output = 1_000_000 }, PriceStatus.Exact),
            Is.EqualTo(new LlmCost(1m, PriceStatus.Exact)));

    [Test]
    public void Model_sold_by_the_request_charges_nothing_for_tokens() =>
        Assert.That(
            CostCalculator.Calculate(new ModelPrices { PerRequest = 0.01m }, EveryClass, PriceStatus.Exact),
            Is.EqualTo(new LlmCost(0.01m, PriceStatus.Exact)));

    [Test]
    public void Negative_counts_are_taken_for_zero() =>
        Assert.That(
            CostCalculator.Calculate(ListPrices.Gpt4o, new TokenUsage { Input = -5, Output = 1_000_000 }, PriceStatus.Exact).Usd,
            Is.EqualTo(10m));

    [Test]
    public void Amount_is_rounded_at_twelve_places_and_printed_without_trailing_zeros()
    {
        LlmCost cost = CostCalculator.Calculate(new ModelPrices { Input = 0.0000015m }, new TokenUsage { Input = 1 }, PriceStatus.Exact);
        LlmCost round = CostCalculator.Calculate(new ModelPrices { Input = 7.50m }, new TokenUsage { Input = 1_000 }, PriceStatus.Exact);

        Assert.That(cost.Usd, Is.EqualTo(0.000000000002m));
        Assert.That(round.ToString(), Is.EqualTo("$0.0075"));
    }

    [Test]
    public void Highest_tier_that_the_input_exceeds_applies()
    {
        ModelPrices prices = new()
        {
            Input = 1m,
            Output = 1m,
            Tiers =
            [
                new PriceTier { AboveInputTokens = 10, Input = 2m },
                new PriceTier { AboveInputTokens = 20, Input = 3m, Output = 5m },
            ],
        };

        decimal[] costs = [.. new long[] { 10, 11, 21 }.Select(input =>
            CostCalculator.Calculate(prices, new TokenUsage { Input = input, Output = 100 }, PriceStatus.Exact).Usd * 1_000_000m)];

        Assert.That(costs, Is.EqualTo(new[] { 110m, 122m, 563m }));
    }

    [Test]
    public void Tier_lifts_reasoning_with_output_and_leaves_audio_alone()
    {
        ModelPrices prices = new()
        {
            Input = 1m,
            Output = 10m,
            Reasoning = 20m,
            AudioInput = 7m,
            Tiers = [new PriceTier { AboveInputTokens = 0, Input = 2m, Output = 15m }],
        };
        TokenUsage usage = new() { AudioInput = 1_000_000, Reasoning = 1_000_000 };

        Assert.That(CostCalculator.Calculate(prices, usage, PriceStatus.Exact).Usd, Is.EqualTo(37m));
    }

    [Test]
    public void Price_without_a_priced_parent_stays_in_its_tier()
    {
        ModelPrices prices = new()
        {
            Input = 1m,
            Output = 0m,
            Reasoning = 20m,
            Tiers = [new PriceTier { AboveInputTokens = 0, Output = 15m }],
        };

        Assert.That(
            CostCalculator.Calculate(prices, new TokenUsage { Input = 1, Reasoning = 1_000_000 }, PriceStatus.Exact).Usd,
            Is.EqualTo(20.000001m));
    }

    [Test]
    public void Bound_takes_the_dearest_possible_class()
    {
        decimal text = CostCalculator.UpperBound(ListPrices.Sonnet45, 1_000, 1_000).Usd;
        decimal write = CostCalculator.UpperBound(ListPrices.Sonnet45, 1_000, 1_000, TokenKinds.CacheWrite).Usd;
        decimal hour = CostCalculator.UpperBound(ListPrices.Sonnet45, 1_000, 1_000, TokenKinds.CacheWrite | TokenKinds.CacheWriteOneHour).Usd;
        decimal audio = CostCalculator.UpperBound(ListPrices.Gpt4oAudio, 1_000, 1_000, TokenKinds.All).Usd;

        Assert.That(new[] { text, write, hour, audio }, Is.EqualTo(new[] { 0.018m, 0.01875m, 0.021m, 0.12m }));
    }

    [Test]
    public void Bound_uses_a_tier_from_four_fifths_of_its_limit()
    {
        decimal below = CostCalculator.UpperBound(ListPrices.Gemini25Pro, 160_000, 0).Usd;
        decimal near = CostCalculator.UpperBound(ListPrices.Gemini25Pro, 160_004, 0).Usd;

        Assert.That(below, Is.EqualTo(0.2m));
        Assert.That(near, Is.EqualTo(0.40001m));
    }

    [Test]
    public void Bound_of_missing_prices_is_unknown()
    {
        LlmCost noOutput = CostCalculator.UpperBound(new ModelPrices { Input = 1m }, 1, 1);
        LlmCost nothing = CostCalculator.UpperBound(ModelPrices.Unknown, 1, 1);
        LlmCost tier = CostCalculator.UpperBound(
            new ModelPrices { PerRequest = 1m, Output = 1m, Tiers = [new PriceTier { AboveInputTokens = 0, Output = 1m }] }, 1, 1);

        Assert.That(new[] { noOutput, nothing, tier }, Is.All.EqualTo(LlmCost.Unknown));
    }

    [Test]
    public void Bound_of_an_embedding_needs_no_output_price() =>
        Assert.That(CostCalculator.UpperBound(ListPrices.Embedding3Small, 1_000_000, 0), Is.EqualTo(new LlmCost(0.02m, PriceStatus.UpperBound)));

    [Test]
    public void Bound_of_free_prices_is_free_and_includes_the_request_fee()
    {
        Assert.That(CostCalculator.UpperBound(new ModelPrices { Input = 0m, Output = 0m }, 5, 5), Is.EqualTo(LlmCost.None));
        Assert.That(CostCalculator.UpperBound(ListPrices.Sonar, -1, 0), Is.EqualTo(new LlmCost(0.005m, PriceStatus.UpperBound)));
    }
}
