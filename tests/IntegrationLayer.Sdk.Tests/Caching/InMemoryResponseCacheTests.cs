using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.TestSupport.Caching;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Tests.Caching;

internal sealed class InMemoryResponseCacheTests : ResponseCacheContract
{
    private readonly FakeTimeProvider _time = new(Answers.Now);

    public InMemoryResponseCacheTests() => Cache = Create(1_000_000);

    protected override IResponseCache Cache { get; }

    protected override DateTimeOffset Now => _time.GetUtcNow();

    protected override void Advance(TimeSpan time) => _time.Advance(time);

    [Test]
    [Property("FaultMatrix", "61")]
    public async Task What_wasnt_asked_for_goes_first()
    {
        InMemoryResponseCache cache = Create(8_000);
        for (int i = 0; i < 4; i++)
        {
            await SetAsync(cache, $"k{i}");
        }

        await cache.GetAsync(new CacheKey("k0"), default);
        await cache.GetAsync(new CacheKey("k2"), default);
        await SetAsync(cache, "k4");
        await SetAsync(cache, "k5");

        Assert.That(await FoundAsync(cache, 6), Is.EqualTo(new[] { "k0", "k2", "k4", "k5" }));
    }

    [Test]
    [Property("FaultMatrix", "61")]
    public async Task Oldest_goes_when_everything_was_asked_for()
    {
        InMemoryResponseCache cache = Create(8_000);
        for (int i = 0; i < 4; i++)
        {
            await SetAsync(cache, $"k{i}");
        }

        await FoundAsync(cache, 4);
        await SetAsync(cache, "k4");
        Assert.That(await FoundAsync(cache, 5), Is.EqualTo(new[] { "k1", "k2", "k3", "k4" }));
    }

    [Test]
    public async Task Answer_larger_than_the_cache_isnt_kept_and_takes_the_old_ones_place()
    {
        InMemoryResponseCache cache = Create(4_096);
        await cache.SetAsync(new CacheKey("k"), Answers.Of("small"), default);
        await cache.SetAsync(new CacheKey("k"), Answers.Of(new string('x', 4_000)), default);
        Assert.That(await cache.GetAsync(new CacheKey("k"), default), Is.Null);
        Assert.That(cache.Bytes, Is.Zero);
    }

    [FsCheck.NUnit.Property(MaxTest = 200)]
    public bool Bytes_stay_within_the_limit_and_come_to_nothing_when_all_is_removed(int[] steps)
    {
        InMemoryResponseCache cache = Create(20_000);
        foreach (int step in steps)
        {
            var key = new CacheKey($"k{Math.Abs(step % 40)}");
            switch (Math.Abs(step) % 4)
            {
                case 0:
                    cache.RemoveAsync(key, default).AsTask().GetAwaiter().GetResult();
                    break;
                case 1:
                    cache.Find(key);
                    break;
                default:
                    cache.Keep(key, Answers.Of(new string('x', Math.Abs(step % 5_000))), TimeSpan.FromMinutes(Math.Abs(step % 3)));
                    break;
            }

            if (cache.Bytes is < 0 or > 20_000)
            {
                return false;
            }

            if (step % 7 == 0)
            {
                _time.Advance(TimeSpan.FromSeconds(30));
            }
        }

        for (int i = 0; i < 40; i++)
        {
            cache.RemoveAsync(new CacheKey($"k{i}"), default).AsTask().GetAwaiter().GetResult();
        }

        return cache.Bytes == 0 && cache.Count == 0;
    }

    private static ValueTask SetAsync(InMemoryResponseCache cache, string key) => cache.SetAsync(new CacheKey(key), Answers.Of(new string('x', 600)), default);

    private static async Task<List<string>> FoundAsync(InMemoryResponseCache cache, int count)
    {
        var found = new List<string>();
        for (int i = 0; i < count; i++)
        {
            if (await cache.GetAsync(new CacheKey($"k{i}"), default) is not null)
            {
                found.Add($"k{i}");
            }
        }

        return found;
    }

    private InMemoryResponseCache Create(long maxBytes) => new(Options.Create(new ExactMatchCacheOptions { MaxBytes = maxBytes }), _time);
}
