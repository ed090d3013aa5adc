using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Routing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Tests.Pipeline;

internal sealed class RequestRulesTests
{
    private static IEnumerable<TestCaseData> Nonsense()
    {
        yield return Case("MaxOutputTokens is -5; it must be 1 or more", r => r with { Options = new ChatOptions { MaxOutputTokens = -5 } });
        yield return Case("MaxOutputTokens is 0", r => r with { Options = new ChatOptions { MaxOutputTokens = 0 } });
        yield return Case("Temperature is NaN; it must be from 0 to 2", r => r with { Options = new ChatOptions { Temperature = float.NaN } });
        yield return Case("TopP", r => r with { Options = new ChatOptions { TopP = float.PositiveInfinity } });
        yield return Case("FrequencyPenalty", r => r with { Options = new ChatOptions { FrequencyPenalty = float.NaN } });
        yield return Case("PresencePenalty", r => r with { Options = new ChatOptions { PresencePenalty = float.NegativeInfinity } });
        yield return Case("Temperature is 9;", r => r with { Options = new ChatOptions { Temperature = 9 } });
        yield return Case("TopP is -0.1; it must be from 0 to 1", r => r with { Options = new ChatOptions { TopP = -0.1f } });
        yield return Case("TopK is 0; it must be 1 or more", r => r with { Options = new ChatOptions { TopK = 0 } });
        yield return Case("The request says nothing: all of its messages are empty.", _ => new LlmRequest(""));
        yield return Case("The request says nothing", _ => new LlmRequest([new ChatMessage(ChatRole.System, ""), new ChatMessage { Role = ChatRole.User, Contents = [] }]));
        yield return Case("The name of a tool is 'get weather'; it must be 1 to 128", r => r with { Options = new ChatOptions { Tools = [Tool("get weather")] } });
        yield return Case("The name of a tool is 'wetter_für'", r => r with { Options = new ChatOptions { Tools = [Tool("fine.name-1:a_B"), Tool("wetter_für")] } });
        yield return Case($"The name of a tool is '{new string('a', 129)}'", r => r with { Options = new ChatOptions { Tools = [Tool(new string('a', 129))] } });
        yield return Case("MaxInputPrice is -1", r => r with { Requirements = new ModelRequirements { MaxInputPrice = -1 } });
        yield return Case("MaxOutputPrice is -1", r => r with { Requirements = new ModelRequirements { MaxOutputPrice = -1 } });
        yield return Case("MaxCost is -1; it must be zero or more", r => r with { Requirements = new ModelRequirements { MaxCost = -1 } });
        yield return Case("MinContextTokens is -1", r => r with { Requirements = new ModelRequirements { MinContextTokens = -1 } });
        yield return Case("MinQuality is 5; it must be from 0 to 1", r => r with { Requirements = new ModelRequirements { MinQuality = 5 } });
        yield return Case("MinQuality is NaN", r => r with { Requirements = new ModelRequirements { MinQuality = double.NaN } });
        yield return Case("MaxLatency is -00:00:01", r => r with { Requirements = new ModelRequirements { MaxLatency = TimeSpan.FromSeconds(-1) } });
        yield return Case("Timeout is -00:00:01; it must be over zero", r => r with { Context = new LlmRequestContext { Timeout = TimeSpan.FromSeconds(-1) } });
        yield return Case("Caching.TimeToLive is 00:00:00; it must be over zero", r => r with { Caching = CacheDirective.Default with { TimeToLive = TimeSpan.Zero } });
        yield return Case("Caching.TimeToLive is 91.00:00:00", r => r with { Caching = CacheDirective.Default with { TimeToLive = TimeSpan.FromDays(91) } });
        yield return Case("Caching.Tags is 'a', ''; it must be at most 16 names", r => r with { Caching = CacheDirective.Default with { Tags = ["a", ""] } });
        yield return Case("Caching.Tags is '1', '2',", r => r with { Caching = CacheDirective.Default with { Tags = [.. Enumerable.Range(1, 17).Select(i => $"{i}")] } });
        yield return Case("A message of Messages is null", _ => new LlmRequest([null!]));
        yield return Case("A content of Messages is null", _ => new LlmRequest([new ChatMessage(ChatRole.User, [new TextContent("a"), null!])]));
        yield return Case("Context is null", r => r with { Context = null! });
        yield return Case("Context.Tags is null", r => r with { Context = new LlmRequestContext { Tags = null! } });
        yield return Case("Requirements is null", r => r with { Requirements = null! });
        yield return Case("A region of Requirements.Regions is null", r => r with { Requirements = new ModelRequirements { Regions = [null!] } });
        yield return Case("Requirements.Regions is null", r => r with { Requirements = new ModelRequirements { Regions = null! } });
        yield return Case("Caching is null", r => r with { Caching = null! });
        yield return Case("Caching.Tags is null", r => r with { Caching = CacheDirective.Default with { Tags = null! } });
        yield return Case("A tool of Options.Tools is null", r => r with { Options = new ChatOptions { Tools = [null!] } });
        yield return Case("TenantId is not well-formed", r => r with { Context = new LlmRequestContext { TenantId = "a\ud800" } });
        yield return Case("UserId is not well-formed", r => r with { Context = new LlmRequestContext { TenantId = "\ud83d\ude00", UserId = "\ude00\ud83d" } });
    }

    private static AIFunctionDeclaration Tool(string name) => AIFunctionFactory.CreateDeclaration(name, null, System.Text.Json.JsonElement.Parse("{}"));

    private static TestCaseData Case(string expected, Func<LlmRequest, LlmRequest> change) => new(expected, change) { TestName = $"Nonsense_is_refused_before_anything_is_sent({expected[..Math.Min(60, expected.Length)].Replace('.', ' ')})" };

    [TestCaseSource(nameof(Nonsense))]
    public async Task Nonsense_is_refused_before_anything_is_sent(string expected, Func<LlmRequest, LlmRequest> change)
    {
        await using var host = new PipelineHost();
        LlmRequest request = change(new LlmRequest("hello"));
        ArgumentException whole = await Expect.ThrowsAsync<ArgumentException>(() => host.Client.GetResponseAsync(request));
        ArgumentException streamed = await Expect.ThrowsAsync<ArgumentException>(() => PipelineHost.ReadAsync(host.Client.GetStreamingResponseAsync(request)));
        ArgumentException planned = await Expect.ThrowsAsync<ArgumentException>(() => host.Client.RouteAsync(request).AsTask());

        Assert.That(whole.Message, Does.Contain(expected));
        Assert.That(streamed.Message, Is.EqualTo(whole.Message));
        Assert.That(planned.Message, Is.EqualTo(whole.Message));
        Assert.That(host.Gateway.Calls, Is.Empty);
    }

    [Test]
    public async Task Model_that_cant_write_as_much_as_asked_for_is_no_candidate([Values] bool priced)
    {
        await using var host = new PipelineHost();
        var request = new LlmRequest("hello")
        {
            Options = new ChatOptions { MaxOutputTokens = 3_000 },
            Requirements = priced ? new ModelRequirements { MaxCost = 10 } : ModelRequirements.Any,
        };
        RouteDecision decision = await host.Client.RouteAsync(request);

        Assert.That(decision.Ranked.Select(r => r.Deployment.Name), Is.EqualTo(new[] { "other/large" }));
        Assert.That(decision.Rejected.Single().Reason, Is.EqualTo("writes at most 2000 tokens, the request asks for 3000"));
    }

    [Test]
    public async Task Budget_policy_that_returns_nothing_is_named()
    {
        await using var host = new PipelineHost(build: b => b.UseBudgetPolicy(new Forgetful()));
        InvalidOperationException e = await Expect.ThrowsAsync<InvalidOperationException>(() => host.Client.GetResponseAsync("hello"));
        Assert.That(e.Message, Does.Contain("Forgetful.GetLimits returned null"));
    }

    private sealed class Forgetful : Sdk.Budgets.IBudgetPolicy
    {
        public IReadOnlyList<Sdk.Budgets.BudgetLimit> GetLimits(LlmRequest request) => null!;
    }
}
