using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.TestSupport.Caching;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Tests.Caching;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class TieredResponseCacheTests
{
    private static readonly CacheKey Key = new("k");

    private readonly FakeTimeProvider _time = new(Answers.Now);
    private readonly InMemoryResponseCache _memory;
    private readonly InMemoryResponseCache _shared;
    private readonly CacheInvalidations _invalidations;
    private readonly StubFeed _feed = new();
    private readonly TieredResponseCache _cache;

    public TieredResponseCacheTests()
    {
        IOptions<ExactMatchCacheOptions> options = Options.Create(new ExactMatchCacheOptions());
        _memory = new InMemoryResponseCache(options, _time);
        _shared = new InMemoryResponseCache(options, _time);
        _invalidations = new CacheInvalidations(new CacheKeyRing(options), _time);
        _cache = new TieredResponseCache(_memory, _shared, _invalidations, _feed, _time) { LongestInMemory = TimeSpan.FromMinutes(1) };
    }

    [Test]
    public async Task Answer_found_behind_stays_in_memory_until_it_is_to_be_looked_at_again()
    {
        await _shared.SetAsync(Key, Answers.Of("old", TimeSpan.FromHours(1)), default);
        await _cache.GetAsync(Key, default);
        await _shared.SetAsync(Key, Answers.Of("new", TimeSpan.FromHours(1)), default);
        string? meanwhile = await TextAsync();
        _time.Advance(TimeSpan.FromSeconds(61));

        Assert.That(meanwhile, Is.EqualTo("old"));
        Assert.That(await TextAsync(), Is.EqualTo("new"));
    }

    [Test]
    public async Task Answer_isnt_kept_in_memory_for_longer_than_its_time()
    {
        await _cache.SetAsync(Key, Answers.Of("x", TimeSpan.FromSeconds(10)), default);
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.That(_memory.Find(Key), Is.Null);
    }

    [Test]
    public async Task Invalidated_answer_of_memory_makes_way_for_one_that_isnt()
    {
        await _cache.SetAsync(Key, Answers.Of("old"), default);
        _invalidations.Add([CacheKeyRing.LabelOf(Key.Digest)]);
        await _shared.SetAsync(Key, Answers.Of("new", stamp: _invalidations.Current), default);
        Assert.That(await TextAsync(), Is.EqualTo("new"));
    }

    [Test]
    public async Task Invalidated_answer_of_others_isnt_given_nor_kept()
    {
        _invalidations.Add([CacheKeyRing.LabelOf(Key.Digest)]);
        await _shared.SetAsync(Key, Answers.Of("old"), default);
        Assert.That(await _cache.GetAsync(Key, default), Is.Null);
        Assert.That(_memory.Count, Is.Zero);
    }

    [Test]
    public async Task Stale_answer_makes_way_for_what_another_process_asked_anew()
    {
        await _cache.SetAsync(Key, Stale("old", _time.GetUtcNow()), default);
        _time.Advance(TimeSpan.FromSeconds(11));
        string? before = await TextAsync();
        await _shared.SetAsync(Key, Stale("new", _time.GetUtcNow()), default);

        Assert.That(before, Is.EqualTo("old"), "better than none");
        Assert.That(await TextAsync(), Is.EqualTo("new"));
        await _shared.SetAsync(Key, Stale("older", Answers.Now), default);
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.That(await TextAsync(), Is.EqualTo("new"));
    }

    [Test]
    public async Task Answer_of_others_isnt_believed_by_who_cant_know_whether_it_is_valid()
    {
        await _shared.SetAsync(Key, Answers.Of("x"), default);
        _feed.IsCurrent = false;
        CachedAnswer? unknown = await _cache.GetAsync(Key, default);
        _feed.IsCurrent = true;

        Assert.That(unknown, Is.Null);
        Assert.That(await TextAsync(), Is.EqualTo("x"));
        _feed.IsCurrent = false;
        Assert.That(await TextAsync(), Is.EqualTo("x"), "memory is given for its time");
    }

    [Test]
    public async Task Removed_answer_is_gone_from_both()
    {
        await _cache.SetAsync(Key, Answers.Of("x"), default);
        await _cache.RemoveAsync(Key, default);
        Assert.That((_memory.Find(Key), _shared.Find(Key)), Is.EqualTo(((CachedAnswer?)null, (CachedAnswer?)null)));
    }

    private static CachedAnswer Stale(string text, DateTimeOffset now)
    {
        CachedAnswer answer = Answers.Of(text, now: now);
        return new CachedAnswer(
            StoredAnswer.Of(answer.Restore()), answer.Origin, new AnswerLifetime(now, now + TimeSpan.FromSeconds(10), now + TimeSpan.FromSeconds(50), 0));
    }

    private sealed class StubFeed : IInvalidationFeed
    {
        public bool IsCurrent { get; set; } = true;

        public void Listen()
        {
        }

        public ValueTask<bool> CatchUpAsync(CancellationToken cancellationToken) => new(IsCurrent);

        public ValueTask PublishAsync(ReadOnlyMemory<ulong> labels, CancellationToken cancellationToken) => default;
    }

    private async Task<string?> TextAsync() => (await _cache.GetAsync(Key, default))?.Restore().Text;
}
