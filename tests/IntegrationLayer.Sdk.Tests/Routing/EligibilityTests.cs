using System.Text.Json;
using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Routing;
using IntegrationLayer.Sdk.Tests.Pipeline;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Tests.Routing;

internal sealed class EligibilityTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse("""{"type":"object"}""").RootElement;

    private static IEnumerable<TestCaseData> Requirements()
    {
        yield return Case("capability", new ModelRequirements { Capabilities = ModelCapabilities.Vision }, "lacks Vision");
        yield return Case("input price", new ModelRequirements { MaxInputPrice = 0.5m }, "input price of 1 USD per million tokens is over 0.5", "input price of 100");
        yield return Case("output price", new ModelRequirements { MaxOutputPrice = 0.5m }, "output price of 1 USD", "output price of 100");
        yield return Case("quality", new ModelRequirements { MinQuality = 0.5 }, "quality of 0.3 is under 0.5");
        yield return Case("context", new ModelRequirements { MinContextTokens = 50_000 }, "context of 10000 tokens is under 50000");
        yield return Case("cost", new ModelRequirements { MaxCost = 0.001m }, "USD, over 0.001 USD", "USD, over 0.001 USD");
        yield return Case("region", new ModelRequirements { Regions = ["eu"] }, "processes in us, which", "has no configured region");
    }

    private static TestCaseData Case(string name, ModelRequirements requirements, params string[] reasons) => new(requirements, reasons) { TestName = $"Requirement_is_hard_and_its_rejection_says_why({name})" };

    [TestCaseSource(nameof(Requirements))]
    public async Task Requirement_is_hard_and_its_rejection_says_why(ModelRequirements requirements, string[] reasons)
    {
        await using var host = new PipelineHost(o => o.Deployments[0].Regions.Add("us"));
        RouteDecision decision = await host.Client.RouteAsync(new LlmRequest("hello") { Requirements = requirements });

        Assert.That(decision.Rejected, Has.Count.EqualTo(reasons.Length));
        for (int i = 0; i < reasons.Length; i++)
        {
            Assert.That(decision.Rejected[i].Reason, Does.Contain(reasons[i]));
        }

        Assert.That(decision.Ranked, Has.Count.EqualTo(2 - reasons.Length));
        Assert.That(decision.CandidateCount, Is.EqualTo(2 - reasons.Length));
    }

    [Test]
    public async Task Context_that_is_unknown_meets_no_requirement_of_one()
    {
        await using var host = new PipelineHost(o => o.Deployments[0].ContextTokens = null);
        RouteDecision decision = await host.Client.RouteAsync(new LlmRequest("hello") { Requirements = new ModelRequirements { MinContextTokens = 1 } });

        Assert.That(decision.Rejected.Single().Reason, Is.EqualTo("its context is unknown, and must be 1 tokens; set ContextTokens in its deployment"));
        Assert.That((await host.Client.RouteAsync(new LlmRequest("hello"))).Rejected, Is.Empty, "nothing is required");
    }

    [Test]
    public async Task Nobody_eligible_is_an_exception_with_a_reason_for_each()
    {
        await using var host = new PipelineHost();
        NoEligibleModelException e = await Expect.ThrowsAsync<NoEligibleModelException>(
            () => host.Client.GetResponseAsync(new LlmRequest("x") { Requirements = new ModelRequirements { Capabilities = ModelCapabilities.AudioInput } }));

        Assert.That(e.Rejected.Select(r => r.Deployment), Is.EqualTo(new[] { "lab/small", "other/large" }));
        Assert.That(e.Message, Does.Contain("lab/small and 1 more: lacks AudioInput"));
        Assert.That(e.IsTransient, Is.False);
        Assert.That(host.Gateway.Calls, Is.Empty);
    }

    [Test]
    public async Task Needs_are_read_off_the_request_itself()
    {
        await using var host = new PipelineHost();
        var image = new LlmRequest([new ChatMessage(ChatRole.User, [new TextContent("what is this?"), new UriContent("https://example.com/a.png", "image/png")])]);
        var schema = new LlmRequest("x") { Options = new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(Schema) } };
        var json = new LlmRequest("x") { Options = new ChatOptions { ResponseFormat = ChatResponseFormat.Json } };

        Assert.That((await host.Client.GetResponseAsync(image)).Receipt.Deployment, Is.EqualTo("other/large"));
        Assert.That((await host.Client.GetResponseAsync(schema)).Receipt.Deployment, Is.EqualTo("other/large"));
        Assert.That((await host.Client.GetResponseAsync(json)).Receipt.Deployment, Is.EqualTo("other/large"), "a model that keeps to a schema writes JSON");
    }

    [TestCase("large", "other/large")]
    [TestCase("OTHER/LARGE", "other/large")]
    [TestCase("anthropic/large", "other/large")]
    [TestCase("best", "other/large")]
    [TestCase("any", "lab/small")]
    public async Task Model_may_be_named_by_deployment_model_provider_or_alias(string name, string expected)
    {
        await using var host = new PipelineHost(o =>
        {
            o.Aliases["best"] = ["large"];
            o.Aliases["any"] = ["other/large", "small"];
        });
        LlmReceipt receipt = (await host.Client.GetResponseAsync(new LlmRequest("x") { Options = new ChatOptions { ModelId = name } })).Receipt;

        Assert.That(receipt.Deployment, Is.EqualTo(expected));
        Assert.That(receipt.ModelRequested, Is.EqualTo(name));
    }

    [Test]
    public async Task Unknown_name_is_nobodys()
    {
        await using var host = new PipelineHost();
        NoEligibleModelException e = await Expect.ThrowsAsync<NoEligibleModelException>(
            () => host.Client.GetResponseAsync(new LlmRequest("x") { Options = new ChatOptions { ModelId = "gpt-9" } }));
        Assert.That(e.Message, Does.Contain("No deployment, model or alias is named 'gpt-9'. Known, nearest first: ").And.Contain("lab/small").And.Contain("large"));
        Assert.That(e.Rejected, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Unknown_region_is_named_with_those_that_are_known()
    {
        await using var host = new PipelineHost(o => o.Deployments[0].Regions.Add("eu-west-1"));
        NoEligibleModelException e = await Expect.ThrowsAsync<NoEligibleModelException>(
            () => host.Client.GetResponseAsync(new LlmRequest("x") { Requirements = new ModelRequirements { Regions = ["mars"] } }));
        Assert.That(e.Message, Does.Contain("none has the region 'mars'").And.Contain("Known, nearest first: eu-west-1."));
    }

    [Test]
    public async Task Deployment_without_capabilities_is_told_where_to_set_them()
    {
        await using var host = new PipelineHost(o => o.Deployments[0].Capabilities = null);
        RouteDecision decision = await host.Client.RouteAsync(new LlmRequest("x") { Requirements = new ModelRequirements { Capabilities = ModelCapabilities.Tools } });
        Assert.That(decision.Rejected.Single().Reason, Is.EqualTo("lacks Tools; set Capabilities in its deployment if it has it"));
    }

    [Test]
    public async Task Policy_that_wants_nobody_is_named()
    {
        await using var host = new PipelineHost(o => o.RoutingPolicy = "Nobody", b => b.AddRoutingPolicy<NobodyPolicy>());
        NoEligibleModelException e = await Expect.ThrowsAsync<NoEligibleModelException>(() => host.Client.GetResponseAsync(new LlmRequest("x")));
        RouteDecision decision = await host.Client.RouteAsync(new LlmRequest("x"));

        Assert.That(e.Message, Does.StartWith("The routing policy 'Nobody' ruled out all 2 candidates"));
        Assert.That(decision.ToString(), Is.EqualTo("Nobody: nobody (2 candidates)"));
    }

    [Test]
    public async Task Decision_names_at_most_five()
    {
        await using var host = new PipelineHost(o =>
        {
            for (int i = 0; i < 4; i++)
            {
                o.Deployments.Add(new DeploymentOptions { Name = $"more-{i}", Account = "lab", Model = "m", InputPrice = 200, OutputPrice = 200 });
            }
        });
        RouteDecision decision = await host.Client.RouteAsync(new LlmRequest("x"));

        Assert.That(decision.ToString(), Is.EqualTo("LowestCost: lab/small > other/large > more-0 > more-1 > more-2 > … (6 candidates)"));
    }

    [Test]
    public async Task Region_group_allows_its_members_and_every_region_must_be_allowed()
    {
        await using var host = new PipelineHost(o =>
        {
            o.RegionGroups["eu"] = ["eu-west-1", "eu-central-1"];
            o.Deployments[0].Regions.Add("eu-west-1");
            o.Deployments[0].Regions.Add("us-east-1");
            o.Deployments[1].Regions.Add("EU-Central-1");
        });
        RouteDecision decision = await host.Client.RouteAsync(new LlmRequest("x") { Requirements = new ModelRequirements { Regions = ["eu"] } });

        Assert.That(decision.Ranked.Select(r => r.Deployment.Name), Is.EqualTo(new[] { "other/large" }));
    }

    [Test]
    public async Task Residency_holds_on_failover()
    {
        await using var host = new PipelineHost(o => o.Deployments[0].Regions.Add("eu"));
        host.Gateway.Failures["small"] = new LlmException("503", LlmErrorClass.ProviderUnavailable, LlmErrorSource.Provider);
        LlmException e = await Expect.ThrowsAsync<LlmException>(
            () => host.Client.GetResponseAsync(new LlmRequest("x") { Requirements = new ModelRequirements { Regions = ["eu"] } }));

        Assert.That(e.Attempts.Select(a => a.Deployment).Distinct(), Is.EqualTo(new[] { "lab/small" }));
    }

    [Test]
    public async Task Request_too_long_for_a_context_goes_to_a_larger_one()
    {
        await using var host = new PipelineHost();
        string prompt = string.Concat(Enumerable.Repeat("word ", 9_000));
        RouteDecision decision = await host.Client.RouteAsync(new LlmRequest(prompt));

        Assert.That(decision.Ranked.Select(r => r.Deployment.Name), Is.EqualTo(new[] { "other/large" }));
        Assert.That(decision.Rejected.Single().Reason, Does.Contain("don't fit in its context of 10000"));
    }

    [Test]
    public async Task Slow_deployment_is_rejected_once_it_was_observed()
    {
        await using var host = new PipelineHost();
        var request = new LlmRequest("x") { Requirements = new ModelRequirements { MaxLatency = TimeSpan.FromSeconds(1) } };
        host.Gateway.OnCall = _ =>
        {
            host.Time.Advance(TimeSpan.FromSeconds(3));
            return Task.CompletedTask;
        };
        await host.Client.GetResponseAsync(request);
        RouteDecision decision = await host.Client.RouteAsync(request);

        Assert.That(decision.Ranked[0].Deployment.Name, Is.EqualTo("other/large"));
        Assert.That(decision.Rejected.Single().Reason, Does.Contain("3000 ms to the first token, over 1000 ms"));
    }

    [Test]
    [Property("FaultMatrix", "56")]
    public async Task Unknown_price_is_denied_by_default([Values] UnknownPricePolicy policy)
    {
        await using var host = new PipelineHost(o =>
        {
            o.UnknownPrices = policy;
            o.Deployments.Add(new DeploymentOptions { Account = "lab", Model = "secret" });
        });
        var request = new LlmRequest("x") { Options = new ChatOptions { ModelId = "secret" } };
        RouteDecision any = await host.Client.RouteAsync(new LlmRequest("x"));

        if (policy is UnknownPricePolicy.Deny)
        {
            NoEligibleModelException e = await Expect.ThrowsAsync<NoEligibleModelException>(() => host.Client.GetResponseAsync(request));
            Assert.That(e.Message, Does.Contain("its price is unknown; set it in the deployment"));
            Assert.That(any.Ranked, Has.Count.EqualTo(2));
            return;
        }

        LlmReceipt receipt = (await host.Client.GetResponseAsync(request)).Receipt;
        Assert.That(receipt.Deployment, Is.EqualTo("lab/secret"));
        Assert.That(receipt.Cost.Status, Is.EqualTo(policy is UnknownPricePolicy.AllowAndFlag ? PriceStatus.Unknown : PriceStatus.UpperBound));
        Assert.That(any.Ranked[^1].Deployment.Name, Is.EqualTo(policy is UnknownPricePolicy.AllowAndFlag ? "lab/secret" : "other/large").Or.EqualTo("lab/secret"));
        Assert.That(any.Ranked[0].Deployment.Name, Is.EqualTo("lab/small"), "an unknown price is never taken for the lowest");
    }

    private sealed class NobodyPolicy : IRoutingPolicy
    {
        public string Name => "Nobody";

        public void Score(in RouteContext context, Span<double> scores) => scores.Fill(double.PositiveInfinity);
    }
}
