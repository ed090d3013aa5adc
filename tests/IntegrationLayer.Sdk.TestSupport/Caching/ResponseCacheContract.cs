using IntegrationLayer.Sdk.Caching;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace IntegrationLayer.Sdk.TestSupport.Caching;

/// <summary>What every response cache must do.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public abstract class ResponseCacheContract
{
    protected abstract IResponseCache Cache { get; }

    /// <summary>Gets the time by the cache's clock.</summary>
    protected abstract DateTimeOffset Now { get; }

    /// <summary>Gets the stamp of what is asked for now.</summary>
    protected virtual long Stamp => 0;

    /// <summary>Lets time pass.</summary>
    protected abstract void Advance(TimeSpan time);

    [Test]
    public async Task What_was_never_stored_isnt_there() => Assert.That(await Cache.GetAsync(new CacheKey("absent"), default), Is.Null);

    [Test]
    public async Task Answer_comes_back_as_it_was_stored()
    {
        var message = new ChatMessage(
            ChatRole.Assistant,
            [new TextReasoningContent("let me see"), new TextContent("hi"), new FunctionCallContent("c1", "f", new Dictionary<string, object?> { ["a"] = "b" })]);
        CachedAnswer answer = Answers.Of(message, tenant: "acme", stamp: Stamp + 7, tags: ["one", "two"], now: Now);
        await Cache.SetAsync(new CacheKey("k"), answer, default);
        CachedAnswer hit = (await Cache.GetAsync(new CacheKey("k"), default))!;
        ChatResponse content = hit.Restore();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(content.Text, Is.EqualTo("hi"));
            Assert.That(content.Messages[0].Contents[0], Is.InstanceOf<TextReasoningContent>().With.Property("Text").EqualTo("let me see"));
            Assert.That(content.Messages[0].Contents[2], Is.InstanceOf<FunctionCallContent>().With.Property("CallId").EqualTo("c1"));
            Assert.That(content.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
            Assert.That(content.ResponseId, Is.EqualTo("answer"));
            Assert.That(hit.Origin with { Tags = [] }, Is.EqualTo(answer.Origin with { Tags = [] }));
            Assert.That(hit.Origin.Tags, Is.EqualTo(new[] { "one", "two" }));
            Assert.That(hit.Lifetime, Is.EqualTo(answer.Lifetime));
        }
    }

    [Test]
    public async Task Callers_dont_share_the_stored_answer()
    {
        await Cache.SetAsync(new CacheKey("k"), Answers.Of("hi", stamp: Stamp, now: Now), default);
        ChatResponse first = (await Cache.GetAsync(new CacheKey("k"), default))!.Restore();
        first.Messages[0].Contents.Add(new TextContent(" spoiled"));
        ((TextContent)first.Messages[0].Contents[0]).Text = "spoiled";

        Assert.That((await Cache.GetAsync(new CacheKey("k"), default))!.Restore().Text, Is.EqualTo("hi"));
    }

    [Test]
    public async Task Answer_expires()
    {
        await Cache.SetAsync(new CacheKey("k"), Answers.Of("hi", TimeSpan.FromMinutes(1), stamp: Stamp, now: Now), default);
        Advance(TimeSpan.FromSeconds(59));
        Assert.That(await Cache.GetAsync(new CacheKey("k"), default), Is.Not.Null);
        Advance(TimeSpan.FromSeconds(2));
        Assert.That(await Cache.GetAsync(new CacheKey("k"), default), Is.Null);
    }

    [Test]
    public async Task New_answer_replaces_the_old()
    {
        await Cache.SetAsync(new CacheKey("k"), Answers.Of("a", stamp: Stamp, now: Now), default);
        await Cache.SetAsync(new CacheKey("k"), Answers.Of("b", stamp: Stamp, now: Now), default);
        Assert.That((await Cache.GetAsync(new CacheKey("k"), default))!.Restore().Text, Is.EqualTo("b"));
    }

    [Test]
    public async Task Removed_answer_is_gone_and_the_others_stay()
    {
        await Cache.SetAsync(new CacheKey("k"), Answers.Of("a", stamp: Stamp, now: Now), default);
        await Cache.SetAsync(new CacheKey("l"), Answers.Of("b", stamp: Stamp, now: Now), default);
        await Cache.RemoveAsync(new CacheKey("k"), default);
        await Cache.RemoveAsync(new CacheKey("absent"), default);

        Assert.That(await Cache.GetAsync(new CacheKey("k"), default), Is.Null);
        Assert.That((await Cache.GetAsync(new CacheKey("l"), default))!.Restore().Text, Is.EqualTo("b"));
    }

    [Test]
    public async Task Answer_whose_time_is_over_is_not_stored()
    {
        await Cache.SetAsync(new CacheKey("k"), Answers.Of("a", TimeSpan.FromSeconds(1), stamp: Stamp, now: Now - TimeSpan.FromSeconds(2)), default);
        Assert.That(await Cache.GetAsync(new CacheKey("k"), default), Is.Null);
    }

    [Test]
    public async Task Many_at_a_time_get_whole_answers()
    {
        CacheKey[] keys = [.. Enumerable.Range(0, 16).Select(i => new CacheKey($"key {i}"))];
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            for (int i = 0; i < 50; i++)
            {
                CacheKey key = keys[(worker + i) % keys.Length];
                await Cache.SetAsync(key, Answers.Of(key.Value, stamp: Stamp, now: Now), default);
                Assert.That((await Cache.GetAsync(key, default))?.Restore().Text, Is.Null.Or.EqualTo(key.Value));
            }
        })));
    }
}
