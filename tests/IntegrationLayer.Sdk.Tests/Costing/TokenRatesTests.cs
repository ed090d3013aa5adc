using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Tests.Costing;

public sealed class TokenRatesTests
{
    [Test]
    public void Rates_are_picodollars_per_token()
    {
        TokenRates rates = TokenRates.From(ListPrices.Sonar with { Output = 2.5m });

        Assert.That((rates.IsKnown, rates.Input, rates.Output, rates.PerRequest), Is.EqualTo((true, 1_000_000L, 2_500_000L, 5_000_000_000L)));
        Assert.That(TokenRates.ToUsd(rates.Cost(1_000, 1_000)), Is.EqualTo(0.0085m));
    }

    [Test]
    public void Cost_follows_the_tiers()
    {
        ModelPrices prices = ListPrices.Gemini25Pro with
        {
            Tiers = [.. ListPrices.Gemini25Pro.Tiers, new PriceTier { AboveInputTokens = 500_000, Input = 5m }],
        };
        TokenRates rates = TokenRates.From(prices);

        decimal[] costs = [.. new long[] { 200_000, 200_001, 500_001 }.Select(input => TokenRates.ToUsd(rates.Cost(input, 1_000)))];

        Assert.That(costs, Is.EqualTo(new[] { 0.26m, 0.5150025m, 2.510005m }));
    }

    [Test]
    public void Output_rate_is_that_of_reasoning_when_it_is_dearer() =>
        Assert.That(TokenRates.From(new ModelPrices { Input = 1m, Output = 2m, Reasoning = 3m }).Output, Is.EqualTo(3_000_000));

    [Test]
    public void Missing_prices_make_unknown_rates()
    {
        ModelPrices tierOnly = new() { Output = 1m, PerRequest = 1m };

        Assert.That(TokenRates.From(ModelPrices.Unknown).IsKnown, Is.False);
        Assert.That(TokenRates.From(ListPrices.Embedding3Small).IsKnown, Is.False);
        Assert.That(TokenRates.From(tierOnly).IsKnown, Is.False);
        Assert.That(TokenRates.From(ListPrices.Embedding3Small, writes: false).IsKnown, Is.True);
        Assert.That(default(TokenRates).Cost(1_000, 1_000), Is.Zero);
    }

    [Test]
    public void Amounts_beyond_the_range_stop_at_its_end()
    {
        TokenRates dear = TokenRates.From(new ModelPrices { Input = decimal.MaxValue, Output = 1m });
        TokenRates cheap = TokenRates.From(ListPrices.Gpt4o);

        Assert.That(dear.Input, Is.EqualTo(TokenRates.MaxPicoUsd));
        Assert.That(dear.Cost(1, 1), Is.EqualTo(TokenRates.MaxPicoUsd));
        Assert.That(cheap.Cost(long.MaxValue, 0), Is.EqualTo(TokenRates.MaxPicoUsd));
    }

    [Test]
    public void Fraction_of_a_picodollar_is_rounded_up() =>
        Assert.That(TokenRates.From(new ModelPrices { Input = 0.0000001m, Output = 0m }).Input, Is.EqualTo(1));
}
