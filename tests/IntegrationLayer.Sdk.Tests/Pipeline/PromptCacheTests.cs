using IntegrationLayer.Sdk.Configuration;
using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Pipeline;
using IntegrationLayer.Sdk.Resilience;
using IntegrationLayer.Sdk.Routing;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Pipeline;

/// <summary>Requests whose prompts begin alike go where that beginning is in the provider's prompt cache, as far as that makes them cheaper.</summary>
internal sealed class PromptCacheTests
{
    private static readonly string Instructions = string.Join(' ', Enumerable.Range(0, 2_000).Select(i => $"rule {i};"));

    [Test]
    public async Task Beginning_goes_where_it_was_read_and_the_decision_says_what_that_saves()
    {
        await using PipelineHost host = Host();
        RouteDecision before = await RouteAsync(host, "a");
        LlmReceipt first = (await host.Client.GetResponseAsync(Request("a"))).Receipt;
        Assert.That(before.PromptCache, Is.Null, "nobody has read it yet");
        Assert.That(first.Routing!.PromptCache, Is.Null);

        for (int i = 0; i < 20; i++)
        {
            RouteDecision decision = await RouteAsync(host, $"question {i}");
            Assert.That(decision.Ranked[0].Deployment.Name, Is.EqualTo(first.Deployment));
            Assert.That(decision.PromptCache!.Deployment, Is.EqualTo(first.Deployment));

            // About 6,000 tokens, each cheaper by half a millionth of a dollar.
            Assert.That(decision.PromptCache.ExpectedSavingUsd, Is.InRange(0.003m, 0.006m));
        }
    }

    [Test]
    public async Task Different_beginnings_spread_and_all_processes_choose_alike()
    {
        await using PipelineHost host = Host(), other = Host();
        var places = new HashSet<string>();
        for (int i = 0; i < 40; i++)
        {
            string place = (await host.Client.RouteAsync(Request("a", $"{i}: {Instructions}"))).Ranked[0].Deployment.Name;
            Assert.That((await other.Client.RouteAsync(Request("b", $"{i}: {Instructions}"))).Ranked[0].Deployment.Name, Is.EqualTo(place));
            places.Add(place);
        }

        Assert.That(places, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task Saving_outweighs_a_price_that_is_a_little_higher_but_not_a_lot()
    {
        await using PipelineHost host = Host();
        HealthRegistry health = host.Get<HealthRegistry>();
        foreach (string cheap in (string[])["lab/copy0", "lab/copy1", "lab/copy2", "lab/copy3"])
        {
            health.Get(HealthKind.Deployment, cheap).Hear(HealthState.Cooling, TimeSpan.FromSeconds(1));
        }

        // While the cheap ones rest, the one that is a tenth dearer reads the beginning.
        Assert.That((await host.Client.GetResponseAsync(Request("a"))).Receipt.Deployment, Is.EqualTo("lab/dearer"));
        host.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.That((await RouteAsync(host, "b")).Ranked[0].Deployment.Name, Is.EqualTo("lab/dearer"));
        Assert.That((await host.Client.RouteAsync(new LlmRequest("short"))).Ranked[0].Deployment.Name, Does.StartWith("lab/copy"), "without a beginning, price decides");

        await using PipelineHost far = Host(o => o.Deployments.Single(d => d.Model == "dearer").InputPrice = 3);
        far.Get<PromptCaches>().Note(Read(far, Request("a")), far.Get<ConfigurationSource>().Current.Deployments.All.Single(d => d.Name == "lab/dearer"));
        Assert.That((await RouteAsync(far, "b")).Ranked[0].Deployment.Name, Does.StartWith("lab/copy"));
    }

    [TestCase(299, true)]
    [TestCase(300, false)]
    public async Task Provider_is_believed_to_keep_it_for_five_minutes(int seconds, bool isKept)
    {
        await using PipelineHost host = Host();
        await host.Client.GetResponseAsync(Request("a"));
        host.Time.Advance(TimeSpan.FromSeconds(seconds));
        Assert.That((await RouteAsync(host, "b")).PromptCache is not null, Is.EqualTo(isKept));
    }

    [TestCase("ephemeral, ttl 1h", 3_599, true)]
    [TestCase("ephemeral, ttl 1h", 3_600, false)]
    [TestCase("ephemeral", 3_599, false)]
    [TestCase("ephemeral", 299, true)]
    [TestCase(null, 1, false)]
    public async Task Anthropic_keeps_what_is_marked_for_as_long_as_it_is_asked_to(string? mark, int seconds, bool isKept)
    {
        await using PipelineHost host = Host(o => o.Accounts["lab"].Provider = "anthropic");
        LlmRequest Marked(string question)
        {
            LlmRequest request = Request(question);
            request.Messages[0].Contents[0].AdditionalProperties = mark is null ? null : new() { [ContentMarks.CacheControl] = mark };
            return request;
        }

        await host.Client.GetResponseAsync(Marked("a"));
        host.Time.Advance(TimeSpan.FromSeconds(seconds));
        Assert.That((await host.Client.RouteAsync(Marked("b"))).PromptCache is not null, Is.EqualTo(isKept));
    }

    [Test]
    public async Task Deepseek_keeps_it_for_hours()
    {
        await using PipelineHost host = Host(o => o.Accounts["lab"].Provider = "deepseek");
        await host.Client.GetResponseAsync(Request("a"));
        host.Time.Advance(TimeSpan.FromMinutes(59));
        Assert.That((await RouteAsync(host, "b")).PromptCache, Is.Not.Null);
    }

    [Test]
    public async Task Busy_place_draws_no_more_than_its_share()
    {
        await using PipelineHost host = Host();
        string place = (await host.Client.GetResponseAsync(Request("a"))).Receipt.Deployment;
        ConfigurationSnapshot current = host.Get<ConfigurationSource>().Current;
        Deployment busy = current.Deployments.All.Single(d => d.Name == place);
        List<CallLease> leases = [.. Enumerable.Range(0, 8).Select(_ => current.Health.TryEnter(busy.Index, isLastResort: false)!)];
        Assert.That((await RouteAsync(host, "b")).Ranked[0].Deployment.Name, Is.Not.EqualTo(place), "eight under way, and the others idle");

        leases[0].Dispose();
        Assert.That((await RouteAsync(host, "b")).Ranked[0].Deployment.Name, Is.EqualTo(place));
    }

    [Test]
    public async Task Nothing_is_drawn_anywhere_when_it_is_switched_off_or_no_price_says_that_it_saves()
    {
        foreach (Action<IntegrationLayerOptions> configure in (Action<IntegrationLayerOptions>[])
            [o => o.LoadBalancing.PromptCacheAffinity = false, o => { foreach (DeploymentOptions d in o.Deployments) { d.CacheReadPrice = null; } }])
        {
            await using PipelineHost host = Host(configure);
            await host.Client.GetResponseAsync(Request("a"));
            RouteDecision[] all = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => RouteAsync(host, $"{i}")));
            Assert.That(all.Select(d => d.PromptCache), Is.All.Null);
            Assert.That(all.Select(d => d.Ranked[0].Deployment.Name).Distinct().Count(), Is.GreaterThan(1), "they are spread");
        }
    }

    [Test]
    public async Task Weights_are_kept_to()
    {
        await using PipelineHost host = Host(o => o.RoutingPolicy = RoutingPolicies.Weighted);
        await host.Client.GetResponseAsync(Request("a"));
        var places = new HashSet<string>();
        for (int i = 0; i < 50; i++)
        {
            places.Add((await RouteAsync(host, $"{i}")).Ranked[0].Deployment.Name);
        }

        Assert.That(places, Has.Count.GreaterThan(3));
    }

    [Test]
    public async Task Call_that_failed_has_read_nothing()
    {
        await using PipelineHost host = Host(o => o.MaxAttempts = 1);
        foreach (string model in (string[])["copy0", "copy1", "copy2", "copy3"])
        {
            host.Gateway.Failures[model] = new LlmException("503", LlmErrorClass.ProviderUnavailable, LlmErrorSource.Provider) { StatusCode = 503 };
        }

        await Expect.ThrowsAsync<LlmException>(() => host.Client.GetResponseAsync(Request("a")));
        Assert.That((await RouteAsync(host, "b")).PromptCache, Is.Null);
    }

    [Test]
    public void Beginning_is_all_before_the_last_message_and_known_by_its_first_1024_tokens()
    {
        PromptPrefix one = PromptPrefix.Of(Request("a"));
        Assert.That(one.Id, Is.Not.Zero);
        Assert.That(one.Share, Is.GreaterThan(0.99).And.LessThan(1));
        Assert.That(PromptPrefix.Of(Request("something else")).Id, Is.EqualTo(one.Id));
        Assert.That(PromptPrefix.Of(Request("a", Instructions + " And more.")).Id, Is.EqualTo(one.Id), "what comes later doesn't count");
        Assert.That(PromptPrefix.Of(Request("a", "x" + Instructions)).Id, Is.Not.EqualTo(one.Id));

        var grown = new LlmRequest([.. Request("a").Messages, new ChatMessage(ChatRole.Assistant, "answer"), new ChatMessage(ChatRole.User, "next")]);
        Assert.That(PromptPrefix.Of(grown).Id, Is.EqualTo(one.Id), "a conversation keeps its place while it grows");

        Assert.That(PromptPrefix.Of(new LlmRequest(Instructions)), Is.EqualTo(default(PromptPrefix)), "one message alone has no beginning in common with others");
        Assert.That(PromptPrefix.Of(Request("a", new string('x', 4_095))).Id, Is.Zero);
        Assert.That(PromptPrefix.Of(Request("a", new string('x', 4_096))).Id, Is.Not.Zero);
    }

    [Test]
    public void Instructions_tools_and_results_belong_to_it()
    {
        LlmRequest With(ChatOptions options, object? result = null) => new(
            [new ChatMessage(ChatRole.Tool, [new FunctionResultContent("1", result ?? "ok")]), new ChatMessage(ChatRole.User, "a")]) { Options = options };
        AITool tool = AIFunctionFactory.Create(() => 1, "one", Instructions), other = AIFunctionFactory.Create(() => 1, "two", Instructions);
        ulong[] ids =
        [
            PromptPrefix.Of(With(new ChatOptions { Instructions = Instructions })).Id,
            PromptPrefix.Of(With(new ChatOptions { Tools = [tool] })).Id,
            PromptPrefix.Of(With(new ChatOptions { Tools = [other] })).Id,
            PromptPrefix.Of(With(new ChatOptions(), "Result: " + Instructions)).Id,
        ];
        Assert.That(ids, Is.Unique.And.None.Zero);
        Assert.That(PromptPrefix.Of(With(new ChatOptions { Tools = [tool] })).Id, Is.EqualTo(ids[1]));
    }

    [Test]
    public void Nothing_is_made_and_nothing_read_when_there_is_no_beginning()
    {
        LlmRequest request = new("short");
        PromptPrefix.Of(request);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            PromptPrefix.Of(request);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static CostAnalysis Read(PipelineHost host, LlmRequest request)
    {
        var costs = new CostAnalysis(request, host.Get<ConfigurationSource>().Current.Candidates);
        costs.Price(new double[costs.Candidates.Deployments.Length]);
        costs.ReadPrefix();
        return costs;
    }

    private static Task<RouteDecision> RouteAsync(PipelineHost host, string question) => host.Client.RouteAsync(Request(question)).AsTask();

    private static LlmRequest Request(string question, string? instructions = null) =>
        new([new ChatMessage(ChatRole.System, instructions ?? Instructions), new ChatMessage(ChatRole.User, question)]) { Options = new ChatOptions { MaxOutputTokens = 100 } };

    private static PipelineHost Host(Action<IntegrationLayerOptions>? configure = null) => new(o =>
    {
        o.Deployments.Clear();
        for (int i = 0; i < 4; i++)
        {
            o.Deployments.Add(new DeploymentOptions { Account = "lab", Model = $"copy{i}", InputPrice = 1, CacheReadPrice = 0.5m, OutputPrice = 1, MaxOutputTokens = 2_000, ContextTokens = 100_000 });
        }

        o.Deployments.Add(new DeploymentOptions { Account = "lab", Model = "dearer", InputPrice = 1.1m, CacheReadPrice = 0.5m, OutputPrice = 1, MaxOutputTokens = 2_000, ContextTokens = 100_000 });
        configure?.Invoke(o);
    });
}
