using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Execution;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace IntegrationLayer.Sdk.Tests.Pipeline;

/// <summary>What providers report that can't be. The small model has room for 10,000 tokens and writes 2,000, a dollar for a million of each.</summary>
internal sealed class ImpossibleUsageTests
{
    private static IEnumerable<TestCaseData<UsageDetails>> Impossible()
    {
        yield return new(Usage(1L << 31, 20));
        yield return new(Usage(10, 1L << 31));
        yield return new(Usage(long.MaxValue, long.MaxValue));
        yield return new(Usage(12_501, 20));
        yield return new(Usage(10, 12_501));
        yield return new(new() { TotalTokenCount = 1L << 40 });
        yield return new(new() { InputTokenCount = 10, OutputTokenCount = 20, AdditionalCounts = new() { [UsageCounts.WebSearches] = 1L << 31 } });
    }

    [TestCaseSource(nameof(Impossible))]
    public async Task Count_that_cannot_be_is_charged_the_most_and_told(UsageDetails usage)
    {
        FakeLogCollector logs = new();
        SpyLedger ledger = new();
        await using PipelineHost host = new(build: b =>
        {
            b.UseBudgetPolicy(new PipelineHost.FlatPolicy(1_000));
            b.Services.AddSingleton<IBudgetLedger>(ledger);
            b.Services.AddLogging(l => l.AddProvider(new FakeLoggerProvider(logs)));
        });
        host.Gateway.Usage = usage;
        LlmReceipt receipt = (await host.Client.GetResponseAsync("hello")).Receipt;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(receipt.Cost.Status, Is.EqualTo(PriceStatus.UpperBound));
            Assert.That(receipt.Cost.Usd, Is.EqualTo(receipt.ReservedUsd).And.InRange(0.002m, 0.0021m));
            Assert.That(ledger.Settled, Is.EqualTo(new[] { (1L, receipt.ReservedUsd) }));
            Assert.That(logs.GetSnapshot().Select(l => l.Message), Has.One.Contains("lab/small reports").And.Some.Contains("can't be"));
        }
    }

    [TestCase(12_500, 20, 0)]
    [TestCase(10, 12_500, 0)]
    [TestCase(25_000, 20, 1)]
    public async Task Count_that_can_be_is_charged_in_full(long input, long output, long searches)
    {
        await using PipelineHost host = new(o => o.Deployments[0].SearchPrice = 0.01m);
        host.Gateway.Usage = Usage(input, output);
        host.Gateway.Usage.AdditionalCounts = new() { [UsageCounts.WebSearches] = searches };
        LlmReceipt receipt = (await host.Client.GetResponseAsync("hello")).Receipt;

        Assert.That((receipt.Cost.Usd, receipt.Cost.Status), Is.EqualTo((((input + output) / 1_000_000m) + (searches * 0.01m), PriceStatus.Exact)));
    }

    [TestCase(-5, 20)]
    [TestCase(10, -20)]
    public async Task Negative_count_makes_an_estimate(long input, long output)
    {
        await using PipelineHost host = new();
        host.Gateway.Usage = Usage(input, output);

        Assert.That((await host.Client.GetResponseAsync("hello")).Receipt.Cost, Has.Property(nameof(LlmCost.Status)).EqualTo(PriceStatus.Estimated).And.Property(nameof(LlmCost.Usd)).Positive);
    }

    [Test]
    public async Task Reasoning_beyond_the_output_makes_an_estimate()
    {
        await using PipelineHost host = new();
        host.Gateway.Usage = Usage(10, 20);
        host.Gateway.Usage.ReasoningTokenCount = 500;

        LlmReceipt receipt = (await host.Client.GetResponseAsync("hello")).Receipt;
        Assert.That((receipt.Cost.Status, receipt.Tokens.Reasoning, receipt.Tokens.TotalOutput), Is.EqualTo((PriceStatus.Estimated, 20, 20)));
    }

    [TestCase("flex", "flex")]
    [TestCase("", null)]
    [TestCase("  ", null)]
    [TestCase("3", null)]
    [TestCase(3, null)]
    [TestCase(2.5, null)]
    [TestCase(true, null)]
    [TestCase(null, null)]
    public void Service_tier_is_a_word(object? tier, string? word) =>
        Assert.That(new Served(null, new AdditionalPropertiesDictionary { [Served.ServiceTierKey] = tier }).ServiceTier, Is.EqualTo(word));

    [TestCase("\"priority\"", "priority")]
    [TestCase("3", null)]
    [TestCase("null", null)]
    [TestCase("{\"name\":\"flex\"}", null)]
    public void Service_tier_in_json_is_a_word(string json, string? word) =>
        Assert.That(new Served(null, new AdditionalPropertiesDictionary { [Served.ServiceTierKey] = System.Text.Json.JsonDocument.Parse(json).RootElement }).ServiceTier, Is.EqualTo(word));

    [Test]
    public void Service_tier_as_long_as_a_page_is_none() =>
        Assert.That(new Served(null, new AdditionalPropertiesDictionary { [Served.ServiceTierKey] = new string('a', 65) }).ServiceTier, Is.Null);

    private static UsageDetails Usage(long input, long output) => new() { InputTokenCount = input, OutputTokenCount = output };
}
