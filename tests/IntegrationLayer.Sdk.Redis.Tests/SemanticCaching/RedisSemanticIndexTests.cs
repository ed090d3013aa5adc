using System.Text;
using IntegrationLayer.Sdk.Redis.SemanticCaching;
using IntegrationLayer.Sdk.SemanticCaching;
using IntegrationLayer.Sdk.TestSupport.Redis;
using IntegrationLayer.Sdk.TestSupport.SemanticCaching;
using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis.Tests.SemanticCaching;

/// <summary>The contract of indexes, on a real server with vector sets, and what is particular to it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RedisSemanticIndexTests : SemanticIndexContract, IAsyncDisposable
{
    private static readonly float[] Vector = [1, 0, 0, 0];

    private static VectorServer? s_server;
    private readonly string _prefix = Guid.NewGuid().ToString("N");
    private readonly List<IndexHost> _hosts = [];
    private readonly IndexHost _host;

    public RedisSemanticIndexTests() => _host = Open();

    protected override ISemanticIndex Index => _host.Index;

    [OneTimeSetUp]
    public static async Task StartServerAsync() => s_server = await VectorServer.StartAsync();

    [OneTimeTearDown]
    public static async Task StopServerAsync() => await s_server!.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (IndexHost host in _hosts)
        {
            await host.DisposeAsync();
        }
    }

    [Test]
    public async Task Another_process_of_the_installation_finds_it()
    {
        await AddAsync(Entries.Of("question"));

        Assert.That(await SearchAsync(Open()), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Another_installation_finds_nothing()
    {
        await AddAsync(Entries.Of("question"));

        Assert.That(await SearchAsync(Open(key: "a secret of another installation!")), Is.Empty);
    }

    [Test]
    public async Task Names_and_contents_tell_nothing()
    {
        await AddAsync(Entries.Of("secret question", id: "secret id", answer: "secret answer"));

        IDatabase database = await _host.DatabaseAsync();
        RedisValue member = _host.Keys.MemberOf("secret id");
        byte[] text = (await database.StringGetAsync(_host.Keys.EntryOf(member)))!;
        Assert.That($"{_host.Keys.EntryOf(member)}{_host.Keys.Vectors}{member}", Does.Not.Contain("secret").And.Not.Contain("one"));
        Assert.That(Encoding.Latin1.GetString(text), Does.Not.Contain("secret"));
    }

    [TestCase("changed")]
    [TestCase("of another entry")]
    [TestCase("of another version")]
    [TestCase("too short")]
    public async Task Poisoned_entry_is_dropped_deleted_and_logged(string fault)
    {
        await AddAsync(Entries.Of("good", id: "good"));
        await AddAsync(Entries.Of("bad", id: "bad"));
        IDatabase database = await _host.DatabaseAsync();
        RedisKey place = _host.Keys.EntryOf(_host.Keys.MemberOf("bad"));
        byte[] text = (await database.StringGetAsync(place))!;
        await database.StringSetAsync(place, fault switch
        {
            "changed" => [.. text[..^1], (byte)(text[^1] ^ 1)],
            "of another entry" => (byte[])(await database.StringGetAsync(_host.Keys.EntryOf(_host.Keys.MemberOf("good"))))!,
            "of another version" => [9, .. text[1..]],
            _ => [1, 2, 3],
        });

        Assert.That((await SearchAsync(_host)).Select(static m => m.Entry.Question), Is.EqualTo(new[] { "good" }));
        Assert.That(_host.Logs.GetSnapshot().Select(static r => r.Id.Id), Is.EqualTo(new[] { 1510 }));
        Assert.That((await SearchAsync(_host)).Select(static m => m.Entry.Question), Is.EqualTo(new[] { "good" }));
        Assert.That(_host.Logs.Count, Is.EqualTo(1), "it is gone");
        Assert.That(await database.KeyExistsAsync(place), Is.False);
    }

    [Test]
    public async Task What_is_over_is_gone_and_its_vector_too()
    {
        await AddAsync(Entries.Of("brief", expiresAt: DateTimeOffset.UtcNow.AddMilliseconds(300)));
        await AddAsync(Entries.Of("long", expiresAt: DateTimeOffset.UtcNow.AddHours(1)));

        while ((await SearchAsync(_host)).Any(static m => m.Entry.Question == "brief"))
        {
            await Task.Yield();
        }

        Assert.That(await CountAsync(), Is.EqualTo((1L, 1L)));
        IDatabase database = await _host.DatabaseAsync();
        Assert.That((await database.KeyTimeToLiveAsync(_host.Keys.Vectors))!.Value.TotalMinutes, Is.InRange(55, 60), "the partition stays as long as its last entry");
        Assert.That((await database.KeyTimeToLiveAsync(_host.Keys.Ends))!.Value.TotalMinutes, Is.InRange(55, 60));
    }

    [Test]
    public async Task What_is_over_already_is_not_written()
    {
        await AddAsync(Entries.Of("late", expiresAt: DateTimeOffset.UtcNow.AddSeconds(-1)));

        Assert.That(await CountAsync(), Is.EqualTo((0L, 0L)));
    }

    [Test]
    public async Task What_is_over_makes_room_when_something_is_added()
    {
        // By the fake clock of the second process the first entry's time is over; by Redis' own it isn't.
        await AddAsync(Entries.Of("first", expiresAt: DateTimeOffset.UtcNow.AddHours(1)));
        IndexHost later = Open(time: new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow.AddHours(2)));

        await later.Index.AddAsync(Entries.Of("second"), Vector, CancellationToken.None);

        Assert.That((await SearchAsync(later)).Select(static m => m.Entry.Question), Is.EqualTo(new[] { "second" }));
        Assert.That(await CountAsync(), Is.EqualTo((1L, 1L)));
    }

    [Test]
    public async Task Full_partition_gives_up_what_is_over_soonest()
    {
        IndexHost small = Open(new RedisSemanticIndexOptions { MaxEntriesPerPartition = 20, Timeout = TimeSpan.FromSeconds(10) });
        DateTimeOffset start = DateTimeOffset.UtcNow.AddHours(1);
        for (int i = 0; i < 30; i++)
        {
            await small.Index.AddAsync(Entries.Of($"{i}", expiresAt: start.AddMinutes(i)), Vector, CancellationToken.None);
        }

        Assert.That((await SearchAsync(small)).Select(static m => m.Entry.Question), Is.EquivalentTo(Enumerable.Range(10, 20).Select(static i => $"{i}")));
        Assert.That(await CountAsync(), Is.EqualTo((20L, 20L)));
    }

    [Test]
    public async Task Partition_whose_ends_redis_evicted_stays_within_its_limit()
    {
        IndexHost small = Open(new RedisSemanticIndexOptions { MaxEntriesPerPartition = 20, Timeout = TimeSpan.FromSeconds(10) });
        for (int i = 0; i < 60; i++)
        {
            await small.Index.AddAsync(Entries.Of($"{i}"), Vector, CancellationToken.None);
            if (i == 19)
            {
                await (await small.DatabaseAsync()).KeyDeleteAsync(small.Keys.Ends);
            }
        }

        Assert.That((await CountAsync()).Vectors, Is.LessThanOrEqualTo(20));
        Assert.That(await SearchAsync(small), Has.Count.InRange(1, 20));
    }

    [Test]
    public async Task Concurrent_writers_and_readers_leave_a_whole_partition()
    {
        IndexHost other = Open();
        var random = new Random(5);
        float[][] vectors = [.. Enumerable.Range(0, 300).Select(_ => Entries.Direction(random, 8))];

        await Parallel.ForAsync(0, vectors.Length, async (i, cancel) =>
        {
            RedisSemanticIndex index = i % 2 == 0 ? _host.Index : other.Index;
            await index.AddAsync(Entries.Of($"{i % 100}"), vectors[i], cancel);
            IReadOnlyList<SemanticMatch> found = await index.SearchAsync("one", vectors[i], 5, cancel);
            Assert.That(found.Select(static m => m.Entry.Id), Is.Unique);
        });

        Assert.That(await CountAsync(), Is.EqualTo((100L, 100L)));
    }

    private IndexHost Open(RedisSemanticIndexOptions? options = null, string key = IndexHost.InstallationKey, TimeProvider? time = null)
    {
        var host = new IndexHost(s_server!.ConnectionString, _prefix, options, key, time);
        _hosts.Add(host);
        return host;
    }

    private async Task AddAsync(SemanticEntry entry) => await _host.Index.AddAsync(entry, Vector, CancellationToken.None);

    private static async Task<IReadOnlyList<SemanticMatch>> SearchAsync(IndexHost host) => await host.Index.SearchAsync("one", Vector, 100, CancellationToken.None);

    private async Task<(long Vectors, long Ends)> CountAsync()
    {
        IDatabase database = await _host.DatabaseAsync();
        return (await database.VectorSetLengthAsync(_host.Keys.Vectors), await database.SortedSetLengthAsync(_host.Keys.Ends));
    }
}
