using System.Text.Json;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Routing;
using IntegrationLayer.Sdk.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Tests.Pipeline;

/// <summary>The beginnings of prompts are marked for providers that keep only what is marked, when that pays.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class PromptMarkTests : IAsyncDisposable
{
    // About 1,700 tokens.
    private static readonly string Rules = string.Join(' ', Enumerable.Range(0, 700).Select(static i => $"rule {i};"));

    private readonly FakePortkey _fake = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private ServiceProvider? _provider;

    public PromptMarkTests() => _fake.OnChat().Reply("yes").Optional();

    public ValueTask DisposeAsync() => _provider?.DisposeAsync() ?? default;

    [Test]
    public async Task Beginning_is_marked_from_the_second_time_on_within_five_minutes([Values] bool stream)
    {
        Open();
        await AskAsync(stream);
        await AskAsync(stream);
        _time.Advance(TimeSpan.FromSeconds(299));
        await AskAsync(stream);
        _time.Advance(TimeSpan.FromMinutes(5));
        await AskAsync(stream);

        Assert.That(_fake.Requests.Select(static r => MarksIn(r)), Is.EqualTo(new[] { 0, 1, 1, 0 }));
    }

    [TestCase(PromptCachingMode.Always, 1)]
    [TestCase(PromptCachingMode.Off, 0)]
    public async Task Mode_decides(PromptCachingMode mode, int marks)
    {
        Open(o => o.PromptCaching = mode);
        await AskAsync();
        await AskAsync();

        Assert.That(_fake.Requests.Select(static r => MarksIn(r)), Is.All.EqualTo(marks));
    }

    [TestCase("anthropic", "claude-sonnet-4-5", 1)]
    [TestCase("anthropic", "claude-3-5-haiku-latest", 0, Description = "Haiku keeps from 2,048 tokens on")]
    [TestCase("anthropic", "claude-opus-4-5", 0, Description = "and this one from 4,096")]
    [TestCase("bedrock", "anthropic.claude-sonnet-4-5-v1:0", 1)]
    [TestCase("bedrock", "amazon.nova-pro-v1:0", 0)]
    [TestCase("openai", "gpt-4o", 0)]
    [TestCase("google", "gemini-2.5-pro", 0)]
    public async Task Only_who_needs_marks_gets_them(string provider, string model, int marks)
    {
        Open(o => o.PromptCaching = PromptCachingMode.Always, provider, model);
        await AskAsync();

        Assert.That(MarksIn(_fake.Requests.Single()), Is.EqualTo(marks));
    }

    [Test]
    public async Task Tools_system_and_the_last_turn_before_are_marked()
    {
        Open(static o => o.PromptCaching = PromptCachingMode.Always);
        LlmRequest request = new(
        [
            new ChatMessage(ChatRole.System, Rules),
            new ChatMessage(ChatRole.User, "first"),
            new ChatMessage(ChatRole.Assistant, "one"),
            new ChatMessage(ChatRole.User, [new TextContent("second"), new DataContent(new byte[] { 1 }, "image/png")]),
            new ChatMessage(ChatRole.Assistant, "two"),
            new ChatMessage(ChatRole.User, "third"),
        ])
        {
            Options = new ChatOptions { Tools = [AIFunctionFactory.Create(static () => 1, "f"), AIFunctionFactory.Create(static () => 2, "g")] },
        };
        await Client.GetResponseAsync(request);

        JsonElement body = _fake.Requests.Single().Json;
        JsonElement messages = body.GetProperty("messages");
        Assert.That(MarksIn(_fake.Requests.Single()), Is.EqualTo(3));
        Assert.That(body.GetProperty("tools").EnumerateArray().Select(static t => t.TryGetProperty("cache_control", out _)), Is.EqualTo(new[] { false, true }));
        Assert.That(body.GetProperty("tools")[1].GetProperty("function").GetProperty("name").GetString(), Is.EqualTo("g"));
        Assert.That(IsMarked(messages[0].GetProperty("content")[0]));
        Assert.That(messages[0].GetProperty("content")[0].GetProperty("text").GetString(), Is.EqualTo(Rules));
        Assert.That(messages[3].GetProperty("content").EnumerateArray().Select(IsMarked), Is.EqualTo(new[] { true, false }));
        Assert.That(messages[5].GetProperty("content").GetString(), Is.EqualTo("third"));
    }

    [Test]
    public async Task Instructions_are_marked_as_the_system()
    {
        Open(static o => o.PromptCaching = PromptCachingMode.Always);
        await Client.GetResponseAsync(new LlmRequest("hi") { Options = new ChatOptions { Instructions = Rules } });

        Assert.That(IsMarked(_fake.Requests.Single().Json.GetProperty("messages")[0].GetProperty("content")[0]));
    }

    [Test]
    public async Task Application_that_marks_by_itself_is_left_to_it()
    {
        Open(static o => o.PromptCaching = PromptCachingMode.Always);
        var text = new TextContent(Rules) { AdditionalProperties = new() { ["cache_control"] = true } };
        await Client.GetResponseAsync(new LlmRequest([new ChatMessage(ChatRole.System, "Be brief."), new ChatMessage(ChatRole.User, [text]), new ChatMessage(ChatRole.Assistant, "one"), new ChatMessage(ChatRole.User, "hi")]));

        Assert.That(MarksIn(_fake.Requests.Single()), Is.EqualTo(1));
    }

    [Test]
    public async Task Short_beginning_is_never_marked()
    {
        Open(static o => o.PromptCaching = PromptCachingMode.Always);
        await Client.GetResponseAsync(new LlmRequest([new ChatMessage(ChatRole.System, "Be brief."), new ChatMessage(ChatRole.User, Rules)]));

        Assert.That(MarksIn(_fake.Requests.Single()), Is.Zero);
    }

    [Test]
    public async Task Most_that_a_marked_request_may_cost_is_the_price_of_writing()
    {
        Open();
        decimal before = (await Client.RouteAsync(Request())).Ranked[0].MaxCost.Usd;
        await AskAsync();
        decimal after = (await Client.RouteAsync(Request())).Ranked[0].MaxCost.Usd;

        Assert.That(after, Is.GreaterThan(before), "3.75 for what costs 3 unmarked");
    }

    [Test]
    public async Task Receipt_says_what_the_cache_saved_and_what_writing_it_cost()
    {
        FakePortkey fake = new();
        fake.OnChat().Reply(FakePortkeyReply.Text("yes").WithUsage(2_000, 10)).Times(1);
        fake.OnChat().Reply(FakePortkeyReply.Text("yes").WithUsage(2_000, 10, cacheWriteTokens: 1_900)).Times(1);
        fake.OnChat().Reply(FakePortkeyReply.Text("yes").WithUsage(2_000, 10, cachedTokens: 1_900));
        Open(fake: fake);

        LlmReceipt plain = await AskAsync(), written = await AskAsync(), read = await AskAsync();

        Assert.That(plain.Saving?.PromptCacheUsd ?? 0, Is.Zero);
        Assert.That(written.Saving?.PromptCacheUsd, Is.EqualTo(-1_900 * 0.75m / 1_000_000), "written at 3.75 instead of 3 USD a million");
        Assert.That(read.Saving?.PromptCacheUsd, Is.EqualTo(1_900 * 2.7m / 1_000_000), "read at 0.3 instead of 3 USD a million");
        Assert.That((written.Tokens.CacheWrite, read.Tokens.CacheRead), Is.EqualTo((1_900, 1_900)));
    }

    private ILlmClient Client => _provider!.GetRequiredService<ILlmClient>();

    private static LlmRequest Request() => new([new ChatMessage(ChatRole.System, Rules), new ChatMessage(ChatRole.User, "hi")]);

    private static int MarksIn(FakePortkeyRequest request) => System.Text.Encoding.UTF8.GetString(request.Body.Span).Split("\"cache_control\":{\"type\":\"ephemeral\"}").Length - 1;

    private static bool IsMarked(JsonElement part) => part.TryGetProperty("cache_control", out JsonElement mark) && mark.GetProperty("type").GetString() == "ephemeral";

    private async Task<LlmReceipt> AskAsync(bool stream = false) =>
        stream ? (await PipelineHost.ReadAsync(Client.GetStreamingResponseAsync(Request())))[^1].Receipt! : (await Client.GetResponseAsync(Request())).Receipt;

    private void Open(Action<IntegrationLayerOptions>? configure = null, string provider = "anthropic", string model = "claude-sonnet-4-5", FakePortkey? fake = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        services.AddIntegrationLayer(options =>
        {
            options.Accounts["lab"] = new AccountOptions { Provider = provider, ApiKey = "sk-test" };
            options.Deployments.Add(new DeploymentOptions
            {
                Account = "lab", Model = model, InputPrice = 3, CacheReadPrice = 0.3m, CacheWritePrice = 3.75m, OutputPrice = 15,
                ContextTokens = 200_000, MaxOutputTokens = 1_000, Quality = 0.5, Capabilities = ModelCapabilities.Tools | ModelCapabilities.Vision,
            });
            configure?.Invoke(options);
        }).UseFakePortkey(fake ?? _fake);
        _provider = services.BuildServiceProvider();
    }
}
