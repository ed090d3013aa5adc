using System.Diagnostics.Metrics;
using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Telemetry;
using IntegrationLayer.Sdk.TestSupport.Caching;
using IntegrationLayer.Sdk.Tests.Pipeline;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Tests.Caching;

/// <summary>Processes that share answers over the HybridCache of the platform.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class HybridResponseCacheTests : IAsyncDisposable
{
    private static readonly CacheKey Key = new("k");

    private readonly StubDistributedCache _store = new();
    private readonly List<PipelineHost> _open = [];

    public async ValueTask DisposeAsync()
    {
        foreach (PipelineHost host in _open)
        {
            await host.DisposeAsync();
        }
    }

    [Test]
    public async Task Answer_of_one_process_is_given_by_another([Values] bool stream)
    {
        await Process().Client.GetResponseAsync("hello");
        PipelineHost other = Process();
        LlmReceipt receipt = stream
            ? (await PipelineHost.ReadAsync(other.Client.GetStreamingResponseAsync("hello")))[^1].Receipt!
            : (await other.Client.GetResponseAsync("hello")).Receipt;

        Assert.That(receipt.Cache, Is.EqualTo(CacheOutcome.Hit));
        Assert.That(other.Gateway.Calls, Is.Empty);
        Assert.That(_store.Answers.Count(), Is.EqualTo(1));
        int asked = _store.Calls;
        await other.Client.GetResponseAsync("hello");
        Assert.That(_store.Calls, Is.EqualTo(asked), "from memory");
    }

    [Test]
    public async Task Answer_of_one_tenant_isnt_given_to_another_even_when_it_was_put_under_its_key()
    {
        PipelineHost one = Process();
        await AskAsync(one, "acme");
        string first = _store.Answers.Single();
        await AskAsync(one, "other");
        string second = _store.Answers.Single(k => k != first);
        _store.Entries[second] = _store.Entries[first];
        PipelineHost later = Process();

        Assert.That((await AskAsync(later, "acme")).Receipt.Cache, Is.EqualTo(CacheOutcome.Hit));
        Assert.That((await AskAsync(later, "other")).Receipt.Cache, Is.EqualTo(CacheOutcome.Miss));
    }

    [Test]
    public async Task Invalidated_answer_isnt_given_by_a_process_that_begins_later()
    {
        PipelineHost one = Process();
        var request = new LlmRequest("hello") { Caching = CacheDirective.Default with { Tags = ["prices"] } };
        await one.Client.GetResponseAsync(request);
        await one.Client.GetResponseAsync("other");
        await one.Get<IResponseCacheInvalidator>().InvalidateTagAsync("prices");
        one.Time.Advance(TimeSpan.FromSeconds(1));
        PipelineHost later = Process();

        Assert.That((await one.Client.GetResponseAsync(request)).Receipt.Cache, Is.EqualTo(CacheOutcome.Miss));
        Assert.That((await later.Client.GetResponseAsync("other")).Receipt.Cache, Is.EqualTo(CacheOutcome.Hit));
        Assert.That((await Process().Client.GetResponseAsync(request)).Receipt.Cache, Is.EqualTo(CacheOutcome.Hit), "what was asked for afterwards is kept");
    }

    [Test]
    public async Task Invalidated_request_is_gone_for_a_process_that_begins_later()
    {
        PipelineHost one = Process();
        await one.Client.GetResponseAsync("hello");
        await one.Get<IResponseCacheInvalidator>().InvalidateAsync(new LlmRequest("hello"));
        Assert.That((await Process().Client.GetResponseAsync("hello")).Receipt.Cache, Is.EqualTo(CacheOutcome.Miss));
    }

    [Test]
    public async Task Store_that_fails_is_a_miss_and_after_five_failures_is_left_alone_for_a_while()
    {
        // Who removes tells of failures; the platform's HybridCache keeps those of reading to itself.
        PipelineHost host = Process();
        HybridResponseCache cache = host.Get<HybridResponseCache>();
        _store.Failure = new InvalidOperationException("away");
        for (int i = 0; i < 5; i++)
        {
            await cache.RemoveAsync(Key, default);
        }

        int asked = _store.Calls;
        await cache.RemoveAsync(Key, default);
        Assert.That((await host.Client.GetResponseAsync("hello")).Receipt.Cache, Is.EqualTo(CacheOutcome.Miss));
        Assert.That(_store.Calls, Is.EqualTo(asked));

        _store.Failure = null;
        host.Time.Advance(TimeSpan.FromSeconds(1));
        await cache.SetAsync(Key, Answers.Of("x", now: host.Time.GetUtcNow()), default);
        Assert.That(await cache.GetAsync(Key, default), Is.Not.Null, "and is asked again");
    }

    [Test]
    public async Task Store_that_doesnt_answer_is_waited_for_as_long_as_is_set()
    {
        PipelineHost host = Process();
        HybridResponseCache cache = host.Get<HybridResponseCache>();
        await cache.GetAsync(Key, default);
        _store.IsSilent = true;
        Task<CachedAnswer?> reading = cache.GetAsync(Key, default).AsTask();
        bool wasWaiting = !reading.IsCompleted;
        host.Time.Advance(TimeSpan.FromMilliseconds(51));

        Assert.That(await reading, Is.Null);
        Assert.That(wasWaiting);
    }

    [Test]
    public async Task Cancelled_caller_doesnt_wait()
    {
        HybridResponseCache cache = Process().Get<HybridResponseCache>();
        _store.IsSilent = true;
        using var cancel = new CancellationTokenSource();
        Task<CachedAnswer?> reading = cache.GetAsync(Key, cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThatAsync(() => reading, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Invalidation_that_cant_be_told_to_others_says_so_and_holds_here()
    {
        PipelineHost host = Process();
        await host.Client.GetResponseAsync("hello");
        _store.Failure = new InvalidOperationException("away");

        await Assert.ThatAsync(() => host.Get<IResponseCacheInvalidator>().InvalidateAllAsync().AsTask(), Throws.TypeOf<CacheInvalidationException>().With.Property("IsTransient").True);
        Assert.That((await host.Client.GetResponseAsync("hello")).Receipt.Cache, Is.EqualTo(CacheOutcome.Miss));
    }

    [Test]
    public async Task Looks_and_writings_are_measured_as_those_of_the_shared_cache()
    {
        PipelineHost host = Process();
        IMeterFactory meters = host.Get<IMeterFactory>();
        using MetricCollector<long> lookups = new(meters, IntegrationLayerDiagnostics.MeterName, "integration_layer.cache.lookups");
        using MetricCollector<double> looking = new(meters, IntegrationLayerDiagnostics.MeterName, "integration_layer.cache.lookup.duration");
        using MetricCollector<double> writing = new(meters, IntegrationLayerDiagnostics.MeterName, "integration_layer.cache.write.duration");
        using MetricCollector<long> size = new(meters, IntegrationLayerDiagnostics.MeterName, "integration_layer.cache.entry.size");
        HybridResponseCache cache = host.Get<HybridResponseCache>();
        await cache.GetAsync(Key, default);
        await cache.SetAsync(Key, Answers.Of("x", now: host.Time.GetUtcNow()), default);
        await cache.GetAsync(Key, default);
        byte[] stored = _store.Entries[_store.Answers.Single()];
        stored[stored.Length / 2] ^= 1;
        await cache.GetAsync(Key, default);
        _store.IsSilent = true;
        Task<CachedAnswer?> silent = cache.GetAsync(new CacheKey("another"), default).AsTask();
        host.Time.Advance(TimeSpan.FromMilliseconds(51));
        await silent;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(lookups.GetMeasurementSnapshot().Select(static m => (m.Tags["integration_layer.cache.level"], m.Tags["integration_layer.cache.result"])), Is.EqualTo(new (object?, object?)[] { ("shared", "miss"), ("shared", "hit"), ("shared", "rejected"), ("shared", "error") }));
            Assert.That(looking.GetMeasurementSnapshot(), Has.Count.EqualTo(4));
            Assert.That(looking.LastMeasurement!.Value, Is.EqualTo(0.051).Within(1e-6));
            Assert.That(writing.GetMeasurementSnapshot().Single().Tags, Has.Member(new KeyValuePair<string, object?>("integration_layer.cache.level", "shared")));
            Assert.That(size.GetMeasurementSnapshot().Single().Value, Is.GreaterThan(100));
        }
    }

    [Test]
    public void Settings_that_cant_be_right_are_refused_with_their_cure()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ErrorOf(o => o.Timeout = TimeSpan.Zero), Does.Contain("Timeout is 00:00:00; set it from 00:00:00.0010000 to 00:00:10"));
            Assert.That(ErrorOf(o => o.MemoryTimeToLive = TimeSpan.Zero), Does.Contain("MemoryTimeToLive"));
            Assert.That(ErrorOf(_ => { }, key: null), Does.Contain("UseHybridCache").And.Contain("openssl rand -base64 32"));
            Assert.That(ErrorOf(_ => { }), Is.Null);
        }
    }

    private static string? ErrorOf(Action<HybridResponseCacheOptions> configure, string? key = HybridCaches.Secret)
    {
        var options = new HybridResponseCacheOptions();
        configure(options);
        return new HybridResponseCacheOptionsValidator(Options.Create(new ExactMatchCacheOptions { InstallationKey = key })).Validate(null, options).FailureMessage;
    }

    private static Task<LlmResponse> AskAsync(PipelineHost host, string tenant) =>
        host.Client.GetResponseAsync(new LlmRequest("hello") { Context = new LlmRequestContext { TenantId = tenant } });

    private PipelineHost Process()
    {
        PipelineHost host = HybridCaches.Create(services => services.AddSingleton<IDistributedCache>(_store));
        _open.Add(host);
        return host;
    }
}
