using IntegrationLayer.Sdk.Caching;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Tests.Caching;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class InMemoryResponseCacheTests
{
    private readonly FakeTimeProvider _time = new();

    [Test]
    public async Task Answer_comes_back_as_it_was_stored()
    {
        InMemoryResponseCache cache = Create();
        var message = new ChatMessage(ChatRole.Assistant, [new TextContent("hi"), new FunctionCallContent("c1", "f", new Dictionary<string, object?> { ["a"] = "b" })]);
        await cache.SetAsync(new CacheKey("k"), Response(message), TimeSpan.FromMinutes(1), default);
        LlmResponse? hit = await cache.GetAsync(new CacheKey("k"), default);

        Assert.That(hit!.Text, Is.EqualTo("hi"));
        Assert.That(hit.Content.Messages[0].Contents[1], Is.InstanceOf<FunctionCallContent>().With.Property("CallId").EqualTo("c1"));
        Assert.That(hit.Content.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
    }

    [Test]
    public async Task Callers_dont_share_the_stored_answer()
    {
        InMemoryResponseCache cache = Create();
        await cache.SetAsync(new CacheKey("k"), Response(new ChatMessage(ChatRole.Assistant, "hi")), TimeSpan.FromMinutes(1), default);
        LlmResponse first = (await cache.GetAsync(new CacheKey("k"), default))!;
        first.Content.Messages[0].Contents.Add(new TextContent(" spoiled"));

        Assert.That((await cache.GetAsync(new CacheKey("k"), default))!.Text, Is.EqualTo("hi"));
    }

    [Test]
    public async Task Answer_expires()
    {
        InMemoryResponseCache cache = Create();
        await cache.SetAsync(new CacheKey("k"), Response(new ChatMessage(ChatRole.Assistant, "hi")), TimeSpan.FromMinutes(1), default);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.That(await cache.GetAsync(new CacheKey("k"), default), Is.Not.Null);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await cache.GetAsync(new CacheKey("k"), default), Is.Null);
    }

    [Test]
    public async Task Oldest_goes_first_when_the_bytes_are_used_up()
    {
        InMemoryResponseCache cache = Create(maxBytes: 2_500);
        for (int i = 0; i < 4; i++)
        {
            await cache.SetAsync(new CacheKey($"k{i}"), Response(new ChatMessage(ChatRole.Assistant, new string('x', 600))), TimeSpan.FromMinutes(1), default);
        }

        Assert.That(await cache.GetAsync(new CacheKey("k0"), default), Is.Null);
        Assert.That(await cache.GetAsync(new CacheKey("k3"), default), Is.Not.Null);
    }

    [Test]
    public async Task Answer_larger_than_the_cache_is_not_kept_and_a_new_one_replaces_the_old()
    {
        InMemoryResponseCache cache = Create(maxBytes: 500);
        await cache.SetAsync(new CacheKey("k"), Response(new ChatMessage(ChatRole.Assistant, new string('x', 600))), TimeSpan.FromMinutes(1), default);
        Assert.That(await cache.GetAsync(new CacheKey("k"), default), Is.Null);

        await cache.SetAsync(new CacheKey("k"), Response(new ChatMessage(ChatRole.Assistant, "a")), TimeSpan.FromMinutes(1), default);
        await cache.SetAsync(new CacheKey("k"), Response(new ChatMessage(ChatRole.Assistant, "b")), TimeSpan.FromMinutes(1), default);
        Assert.That((await cache.GetAsync(new CacheKey("k"), default))!.Text, Is.EqualTo("b"));
    }

    private static LlmResponse Response(ChatMessage message) => new(
        new ChatResponse(message) { FinishReason = ChatFinishReason.Stop },
        new LlmReceipt { RequestId = "r", Deployment = "d", Provider = "p", Model = "m", Cost = LlmCost.None });

    private InMemoryResponseCache Create(long maxBytes = 1_000_000) => new(Options.Create(new ExactMatchCacheOptions { MaxBytes = maxBytes }), _time);
}
