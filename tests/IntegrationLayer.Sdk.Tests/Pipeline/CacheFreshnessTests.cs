using IntegrationLayer.Sdk.Caching;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Tests.Pipeline;

/// <summary>Answers that are invalidated, or asked for anew.</summary>
internal sealed class CacheFreshnessTests
{
    private static IEnumerable<TestCaseData> Invalidations()
    {
        yield return Case("request", (i, r) => i.InvalidateAsync(r), true);
        yield return Case("another request", (i, r) => i.InvalidateAsync(new LlmRequest("other")), false);
        yield return Case("tag", (i, r) => i.InvalidateTagAsync("prices"), true);
        yield return Case("another tag", (i, r) => i.InvalidateTagAsync("stock"), false);
        yield return Case("tenant", (i, r) => i.InvalidateTenantAsync("acme"), true);
        yield return Case("no tenant", (i, r) => i.InvalidateTenantAsync(null), false);
        yield return Case("model", (i, r) => i.InvalidateModelAsync("Small"), true);
        yield return Case("another model", (i, r) => i.InvalidateModelAsync("large"), false);
        yield return Case("all", (i, r) => i.InvalidateAllAsync(), true);
        yield return Case("request that isn't cached", (i, r) => i.InvalidateAsync(new LlmRequest("hello") { Options = new ChatOptions { ConversationId = "c" } }), false);
    }

    private static TestCaseData Case(string name, Func<IResponseCacheInvalidator, LlmRequest, ValueTask> invalidate, bool isGone) =>
        new(invalidate, isGone) { TestName = $"Invalidated_answer_is_given_to_nobody({name})" };

    [TestCaseSource(nameof(Invalidations))]
    public async Task Invalidated_answer_is_given_to_nobody(Func<IResponseCacheInvalidator, LlmRequest, ValueTask> invalidate, bool isGone)
    {
        await using var host = new PipelineHost(build: b => b.UseExactMatchCache());
        var request = new LlmRequest("hello")
        {
            Context = new LlmRequestContext { TenantId = "acme" },
            Caching = CacheDirective.Default with { Tags = ["prices"] },
        };
        await host.Client.GetResponseAsync(request);
        await invalidate(host.Get<IResponseCacheInvalidator>(), request);

        Assert.That((await host.Client.GetResponseAsync(request)).Receipt.Cache, Is.EqualTo(isGone ? CacheOutcome.Miss : CacheOutcome.Hit));
        Assert.That((await host.Client.GetResponseAsync(request)).Receipt.Cache, Is.EqualTo(CacheOutcome.Hit), "what was asked for afterwards is kept");
    }

    [Test]
    public async Task Answer_that_was_under_way_when_it_was_invalidated_isnt_kept()
    {
        await using var host = new PipelineHost(build: b => b.UseExactMatchCache());
        host.Gateway.OnCall = _ => host.Get<IResponseCacheInvalidator>().InvalidateAllAsync(CancellationToken.None).AsTask();
        await host.Client.GetResponseAsync("hello");
        host.Gateway.OnCall = _ => Task.CompletedTask;
        Assert.That((await host.Client.GetResponseAsync("hello")).Receipt.Cache, Is.EqualTo(CacheOutcome.Miss));
    }

    [Test]
    public async Task Request_that_begins_after_an_invalidation_doesnt_join_a_call_that_began_before()
    {
        await using var host = new PipelineHost(build: b => b.UseExactMatchCache());
        TaskCompletionSource[] releases = [new(TaskCreationOptions.RunContinuationsAsynchronously), new(TaskCreationOptions.RunContinuationsAsynchronously)];
        int calls = 0;
        host.Gateway.OnCall = token => releases[Interlocked.Increment(ref calls) - 1].Task.WaitAsync(token);
        Task<LlmResponse> before = host.Client.GetResponseAsync("hello");
        Task<LlmResponse> joined = host.Client.GetResponseAsync("hello");
        await host.Get<IResponseCacheInvalidator>().InvalidateAllAsync();
        Task<LlmResponse> after = host.Client.GetResponseAsync("hello");
        Task<LlmResponse> joinedAfter = host.Client.GetResponseAsync("hello");
        host.Gateway.Text = "old";
        releases[0].SetResult();
        string[] old = [(await before).Text, (await joined).Text];
        host.Gateway.Text = "new";
        releases[1].SetResult();

        Assert.That(old, Is.EqualTo(new[] { "old", "old" }));
        Assert.That(new[] { (await after).Text, (await joinedAfter).Text }, Is.EqualTo(new[] { "new", "new" }));
        Assert.That((await joinedAfter).Receipt.Cache, Is.EqualTo(CacheOutcome.Coalesced));
        Assert.That((await host.Client.GetResponseAsync("hello")).Text, Is.EqualTo("new"));
        Assert.That(calls, Is.EqualTo(2));
    }

    [Test]
    public async Task Stale_answer_is_given_while_one_request_asks_anew([Values] bool stream)
    {
        await using PipelineHost host = Stale();
        await host.Client.GetResponseAsync("hello");
        host.Time.Advance(TimeSpan.FromSeconds(11));
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Gateway.OnCall = token => release.Task.WaitAsync(token);
        host.Gateway.Text = "new";
        Assert.That(await AskAsync(host, stream), Is.EqualTo(("hi", CacheOutcome.StaleHit)));
        Assert.That(await AskAsync(host, stream), Is.EqualTo(("hi", CacheOutcome.StaleHit)));
        Assert.That(host.Gateway.Calls, Has.Count.EqualTo(2), "one who asks anew is enough");
        release.SetResult();
        while (await AskAsync(host, stream) != ("new", CacheOutcome.Hit))
        {
            await Task.Yield();
        }

        host.Time.Advance(TimeSpan.FromSeconds(31));
        Assert.That((await AskAsync(host, stream)).Outcome, Is.EqualTo(CacheOutcome.Miss), "past both times");
    }

    [Test]
    public async Task Stale_answer_outlives_a_failed_refresh()
    {
        await using PipelineHost host = Stale();
        await host.Client.GetResponseAsync("hello");
        host.Time.Advance(TimeSpan.FromSeconds(11));
        host.Gateway.Failures["small"] = new LlmException("down", LlmErrorClass.InvalidRequest, LlmErrorSource.Provider);
        Assert.That(await AskAsync(host, stream: false), Is.EqualTo(("hi", CacheOutcome.StaleHit)));
        Assert.That(await AskAsync(host, stream: false), Is.EqualTo(("hi", CacheOutcome.StaleHit)));
    }

    private static PipelineHost Stale() => new(build: b => b.UseExactMatchCache(o =>
    {
        o.Jitter = 0;
        o.TimeToLive = TimeSpan.FromSeconds(10);
        o.StaleWhileRevalidate = TimeSpan.FromSeconds(20);
    }));

    private static async Task<(string Text, CacheOutcome Outcome)> AskAsync(PipelineHost host, bool stream)
    {
        if (!stream)
        {
            LlmResponse response = await host.Client.GetResponseAsync("hello");
            return (response.Text, response.Receipt.Cache);
        }

        List<LlmResponseUpdate> updates = await PipelineHost.ReadAsync(host.Client.GetStreamingResponseAsync("hello"));
        return (string.Concat(updates.Select(u => u.Text)), updates[^1].Receipt!.Cache);
    }
}
