using System.Text.Json;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Routing;
using IntegrationLayer.Sdk.Tests.Pipeline;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Costing;

/// <summary>What a request asks for by name, and what it may cost then.</summary>
internal sealed class AnswerBoundTests
{
    private static readonly ModelInfo[] Chat = [.. ModelCatalogue.Embedded.All.Where(m => m is { Provider: "openai", Kind: ModelKind.Chat, IsSuspect: false, Prices: { Input: > 0, Output: > 0 } })];
    private static readonly ModelInfo Tiered = Chat.First(m => m.PriceVariants.Any(v => v.ServiceTier == "priority" && v.Prices.Output > m.Prices.Output));
    private static readonly ModelInfo Plain = Chat.First(m => m.PriceVariants.Count == 0);
    private static readonly ModelInfo Speaking = Chat.First(m => m.Prices.AudioOutput > m.Prices.Output && m.PriceVariants.Count == 0);

    [Test]
    public async Task Dearer_tier_that_is_asked_for_is_in_the_bound([Values] bool isJson)
    {
        await using PipelineHost host = HostOf(Tiered, Plain);
        LlmRequest request = Request("service_tier", isJson ? JsonElement.Parse("\"priority\"") : "Priority");

        RouteDecision decision = await host.Client.RouteAsync(request);

        RankedDeployment tiered = decision.Ranked[0];
        Assert.That(tiered.Deployment.Model, Is.EqualTo(Tiered));
        decimal perOutput = Tiered.PriceVariants.Where(v => v.ServiceTier == "priority").Max(v => v.Prices.Output)!.Value;
        Assert.That(tiered.MaxCost.Usd, Is.GreaterThan(perOutput * 100 / 1_000_000m), "all of its 100 tokens at the tier's price");
        Assert.That(tiered.MaxCost.Usd, Is.GreaterThan(await BoundAsync(Tiered, Request(null, null))));
        Assert.That(decision.Ranked.Single(r => r.Deployment.Model == Plain).MaxCost.Status, Is.EqualTo(PriceStatus.Unknown), "a tier of unknown price may cost anything");
    }

    [TestCase("default")]
    [TestCase("flex")]
    [TestCase("batch")]
    public async Task Tier_that_is_no_dearer_leaves_the_bound_as_it_is(string tier)
    {
        Assert.That(await BoundAsync(Tiered, Request("service_tier", tier)), Is.EqualTo(await BoundAsync(Tiered, Request(null, null))));
    }

    [Test]
    public async Task Prices_of_the_users_own_hold_at_every_tier()
    {
        await using var host = new PipelineHost();

        RouteDecision decision = await host.Client.RouteAsync(Request("service_tier", "priority"));

        Assert.That(decision.Ranked[0].MaxCost, Is.EqualTo((await host.Client.RouteAsync(Request(null, null))).Ranked[0].MaxCost));
    }

    private static IEnumerable<TestCaseData> Sounds()
    {
        yield return new TestCaseData("audio", JsonElement.Parse("""{"voice":"alloy","format":"mp3"}"""));
        yield return new TestCaseData("modalities", JsonElement.Parse("""["text","audio"]"""));
    }

    [TestCaseSource(nameof(Sounds))]
    public async Task Audio_that_is_asked_for_is_in_the_bound(string name, object value)
    {
        Assert.That(await BoundAsync(Speaking, Request(name, value)), Is.GreaterThanOrEqualTo(Speaking.Prices.AudioOutput!.Value * 100 / 1_000_000m));
        Assert.That(await BoundAsync(Speaking, Request("modalities", JsonElement.Parse("""["text"]"""))), Is.EqualTo(await BoundAsync(Speaking, Request(null, null))));
    }

    private static async Task<decimal> BoundAsync(ModelInfo model, LlmRequest request)
    {
        await using PipelineHost host = HostOf(model);
        return (await host.Client.RouteAsync(request)).Ranked.Single().MaxCost.Usd;
    }

    private static PipelineHost HostOf(params ModelInfo[] models) => new(options =>
    {
        options.Deployments.Clear();
        foreach (ModelInfo model in models)
        {
            options.Deployments.Add(new DeploymentOptions { Account = "lab", Model = model.Model });
        }
    });

    private static LlmRequest Request(string? name, object? value) => new("hello")
    {
        Options = new ChatOptions { MaxOutputTokens = 100, AdditionalProperties = name is null ? null : new() { [name] = value } },
    };
}
