using System.Collections;
using System.Diagnostics.CodeAnalysis;
using IntegrationLayer.Sdk.Analytics.Storage;
using IntegrationLayer.Sdk.TestSupport.Usage;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace IntegrationLayer.Sdk.Analytics.Tests;

/// <summary>The way of records through queue and journal into whatever database.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class DurableUsageStoreTests : IAsyncDisposable
{
    // How long the loop sleeps if nothing comes.
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);
    private static readonly DateTimeOffset Now = new(2026, 1, 15, 18, 30, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly ObservedClock _clock = new(Now);
    private readonly FakeLogger<DurableUsageStore> _log = new();
    private readonly FakeDatabase _database = new();
    private readonly AnalyticsOptions _options = new();
    private readonly List<DurableUsageStore> _stores = [];

    private string JournalPath => _folder.File("journal");

    public async ValueTask DisposeAsync()
    {
        foreach (DurableUsageStore store in _stores)
        {
            await store.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Test]
    public async Task Record_is_in_a_querys_answer_after_the_store_interval_which_is_less_than_a_second()
    {
        DurableUsageStore store = Create();
        Task taken = NextWriteAsync();
        await _clock.WaitForAsync(Idle);
        store.Append(SampleRecords.Answered(Now));
        await _clock.WaitForAsync(_options.StoreInterval);
        Assert.That(await CountAsync(store), Is.Zero, "it is gathered with others");

        _clock.Advance(_options.StoreInterval);
        await taken;
        Assert.That(await CountAsync(store), Is.EqualTo(1));
        Assert.That(_options.StoreInterval, Is.LessThan(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public async Task Database_that_stands_still_holds_up_neither_requests_nor_the_journal()
    {
        TaskCompletionSource goOn = new();
        _database.BeforeWrite = _ => goOn.Task;
        DurableUsageStore store = Create();
        Append(store, 1_000);

        await store.AcknowledgeAsync();
        Assert.That(store.Status, Is.EqualTo(new UsageStoreStatus(1_000, 1_000, 0, 0, 0, store.Status.JournalBytes, null)));
        Assert.That(store.Status.JournalBytes, Is.GreaterThan(100_000));
        using CancellationTokenSource impatient = new();
        Task flush = store.FlushAsync(impatient.Token);
        await impatient.CancelAsync();
        Assert.That(async () => await flush, Throws.InstanceOf<OperationCanceledException>());

        goOn.SetResult();
        await store.FlushAsync();
        Assert.That(store.Status.Stored, Is.EqualTo(1_000));
        Assert.That(Ids(_database.Records), Is.Unique.And.Count.EqualTo(1_000));
    }

    [Test]
    public async Task Database_that_is_away_is_tried_again_and_gets_everything_once()
    {
        int failures = 3;
        _database.BeforeWrite = _ => failures-- > 0 ? throw new IOException("no route to host") : Task.CompletedTask;
        int broken = 1;
        _database.AfterWrite = () => _ = broken-- > 0 ? throw new IOException("connection reset") : 0;
        DurableUsageStore store = Create();
        await _clock.WaitForAsync(Idle);
        Append(store, 10);
        Task flush = store.FlushAsync();
        foreach (int pause in (int[])[100, 200, 400, 800])
        {
            await _clock.WaitForAsync(TimeSpan.FromMilliseconds(pause));
            Assert.That(store.Status.LastError, Is.EqualTo(pause < 800 ? "no route to host" : "connection reset"));
            _clock.Advance(TimeSpan.FromMilliseconds(pause));
        }

        await flush;
        Assert.That(Ids(_database.Records), Is.Unique.And.Count.EqualTo(10));
        Assert.That(store.Status.LastError, Is.Null);
        Assert.That(Events(1702), Has.Count.EqualTo(1), "one warning for the outage");
        Assert.That(Events(1702)[0].Level, Is.EqualTo(LogLevel.Warning));
        Assert.That(Events(1703), Has.Count.EqualTo(1), "and one line when it is over");
    }

    [Test]
    public async Task Full_journal_drops_records_counts_them_and_says_so_at_every_doubling()
    {
        _options.MaxJournalBytes = 1 << 20;
        _database.BeforeWrite = token => Task.Delay(Timeout.Infinite, token);
        DurableUsageStore store = Create();
        for (int i = 0; i < 20; i++)
        {
            Append(store, 500);
            await store.AcknowledgeAsync();
        }

        UsageStoreStatus status = store.Status;
        Assert.That(status.JournalBytes, Is.InRange(500_000, 1 << 20));
        Assert.That(status.Acknowledged + status.Dropped, Is.EqualTo(10_000));
        Assert.That(status.Dropped, Is.GreaterThan(4_000));
        Assert.That(Events(1701), Has.Count.InRange(2, 6).And.All.Property(nameof(FakeLogRecord.Message)).Contains("limit of 1048576 bytes"));
        await store.StopAsync(new CancellationToken(canceled: true));
    }

    [Test]
    public async Task Disk_that_fails_is_tried_again_and_records_beyond_the_queue_are_dropped_and_counted()
    {
        _options.QueueCapacity = 10;
        DurableUsageStore store = Create();
        string own = Directory.GetDirectories(JournalPath).Single();
        string aside = _folder.File("aside");
        Directory.Move(own, aside);
        store.Append(SampleRecords.Answered(Now));
        await _clock.WaitForAsync(TimeSpan.FromSeconds(1));
        Append(store, 13);
        Assert.That((store.Status.Appended, store.Status.Acknowledged, store.Status.Dropped), Is.EqualTo((11, 0, 3)));
        Assert.That(Events(1707), Has.Count.EqualTo(1));
        Assert.That(Events(1701)[0].Message, Does.Contain("stands still"));

        Directory.Move(aside, own);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await store.FlushAsync();
        Assert.That(Ids(_database.Records), Is.Unique.And.Count.EqualTo(11));
    }

    [Test]
    public async Task Disk_that_fails_to_the_end_does_not_hold_up_the_stop()
    {
        DurableUsageStore store = Create();
        Directory.Delete(Directory.GetDirectories(JournalPath).Single(), recursive: true);
        store.Append(SampleRecords.Answered(Now));
        await _clock.WaitForAsync(TimeSpan.FromSeconds(1));
        Task stop = store.StopAsync(CancellationToken.None);
        _clock.Advance(TimeSpan.FromSeconds(1));

        await stop;
        Assert.That((store.Status.Acknowledged, store.Status.Dropped), Is.EqualTo((0, 1)));
        Assert.That(Events(1701)[0].Message, Does.Contain("stopping"));
    }

    [Test]
    public async Task Record_that_cannot_be_kept_is_dropped_and_the_others_are_kept()
    {
        DurableUsageStore store = Create();
        store.Append(SampleRecords.Answered(Now));
        store.Append(Tagged(new BrokenTags()));
        store.Append(Tagged(new Dictionary<string, string> { ["book"] = new('x', 17 << 20) }));
        store.Append(SampleRecords.Answered(Now));

        await store.FlushAsync();
        Assert.That((store.Status.Acknowledged, store.Status.Stored, store.Status.Dropped), Is.EqualTo((2, 2, 2)));
        Assert.That(Events(1701).Select(e => e.Message), Has.Some.Contains("changed meanwhile").And.Some.Contains("tags"));
    }

    [Test]
    public async Task Large_records_and_many_files_pass_the_journal()
    {
        DurableUsageStore store = Create();
        UsageRecord[] records = [.. Enumerable.Range(0, 40).Select(i => Tagged(new Dictionary<string, string> { ["text"] = new((char)('a' + (i % 26)), 1 << 20) }))];
        foreach (UsageRecord record in records)
        {
            store.Append(record);
        }

        await store.FlushAsync();
        Assert.That(Ids(_database.Records), Is.EqualTo(Ids(records)));
        Assert.That(_database.Records[30].Context.Tags["text"], Is.EqualTo(records[30].Context.Tags["text"]));
        Assert.That(Directory.GetFiles(JournalPath, "*.log", SearchOption.AllDirectories), Has.Length.EqualTo(1), "what the database has is deleted");
    }

    [Test]
    public async Task Stop_stores_what_is_left_and_leaves_nothing_behind()
    {
        DurableUsageStore store = Create();
        Append(store, 10);
        await store.StopAsync(CancellationToken.None);

        Assert.That(_database.Records, Has.Count.EqualTo(10));
        Assert.That(_database.Forgotten, Has.Count.EqualTo(1));
        Assert.That(Directory.GetDirectories(JournalPath), Is.Empty);
        store.Append(SampleRecords.Answered(Now));
        Assert.That(store.Status.Dropped, Is.EqualTo(1), "nothing is taken any more");
        Assert.That(async () => await store.StopAsync(CancellationToken.None), Throws.Nothing);
    }

    [Test]
    public async Task Entry_that_cannot_be_forgotten_does_not_stop_the_stop()
    {
        _database.OnForget = () => throw new IOException("away");
        DurableUsageStore store = Create();
        await store.StopAsync(CancellationToken.None);

        Assert.That(store.Status.LastError, Is.EqualTo("away"));
    }

    [Test]
    public async Task What_a_process_leaves_behind_is_stored_by_the_next_one_and_only_once()
    {
        DurableUsageStore first = Create();
        Append(first, 100);
        await first.FlushAsync();
        TaskCompletionSource half = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _database.BeforeWrite = async token =>
        {
            half.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
        };
        Append(first, 50);
        await first.AcknowledgeAsync();
        Task flush = first.FlushAsync();
        await half.Task;
        await first.StopAsync(new CancellationToken(canceled: true));
        Assert.That(flush.IsCompleted, Is.False);
        Assert.That(_database.Records, Has.Count.EqualTo(100));

        _database.BeforeWrite = _ => Task.CompletedTask;
        DurableUsageStore second = Create();
        await second.RecoverAsync(CancellationToken.None);
        Assert.That(Ids(_database.Records), Is.Unique.And.Count.EqualTo(150));
        Assert.That(second.Status.Recovered, Is.EqualTo(150), "in the journal; the database took those it lacked");
        Assert.That(Directory.GetDirectories(JournalPath), Has.Length.EqualTo(1), "its own");
        Assert.That(Events(1704), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Start_does_not_wait_for_a_database_that_is_away()
    {
        _database.OnOpen = () => throw new UsageDatabaseException("It is away.", isTransient: true);
        DurableUsageStore store = Create();

        await store.CheckAsync(CancellationToken.None);
        Assert.That(store.Status.LastError, Is.EqualTo("It is away."));
    }

    [Test]
    public void Start_stops_at_a_database_that_can_not_be_used()
    {
        _database.OnOpen = () => throw new UsageDatabaseException("It is newer.");
        DurableUsageStore store = Create();

        Assert.That(async () => await store.CheckAsync(CancellationToken.None), Throws.TypeOf<UsageDatabaseException>().With.Message.EqualTo("It is newer."));
    }

    [Test]
    public void Journal_that_cannot_be_written_stops_the_start_with_the_cure()
    {
        File.WriteAllText(JournalPath, "a file");

        Assert.That(Create, Throws.TypeOf<UsageDatabaseException>().With.Message.Contains(JournalPath).And.Message.Contains("AnalyticsOptions.JournalPath"));
    }

    [Test]
    public async Task Old_records_are_pruned_at_once_and_every_hour_and_failures_are_tried_again()
    {
        TaskCompletionSource[] pruned = [new(), new(), new()];
        int prunings = 0;
        _database.OnPrune = () =>
        {
            pruned[prunings].SetResult();
            return prunings++ == 0 ? throw new IOException("busy") : Task.CompletedTask;
        };
        TimeSpan minute = TimeSpan.FromMinutes(1);
        Create();
        await pruned[0].Task;
        await _clock.WaitForAsync(minute);
        Assert.That(Events(1706), Has.Count.EqualTo(1));
        _clock.Advance(minute);
        await pruned[1].Task;
        for (int i = 0; i < 60; i++)
        {
            Assert.That(prunings, Is.EqualTo(2));
            await _clock.WaitForAsync(minute);
            _clock.Advance(minute);
        }

        await pruned[2].Task;
        Assert.That(_database.Prunings[0][UsageLevel.Records], Is.EqualTo(new DateTime(2025, 12, 16).Ticks), "whole days");
    }

    [Test]
    public void Disposing_stores_what_is_left()
    {
        DurableUsageStore store = Create();
        Append(store, 3);
        store.Dispose();

        Assert.That(_database.Records, Has.Count.EqualTo(3));
    }

    private static UsageRecord Tagged(IReadOnlyDictionary<string, string> tags) => SampleRecords.Answered(Now, context: new LlmRequestContext { TenantId = "acme", Tags = tags });

    private static List<string> Ids(IEnumerable<UsageRecord> records) => [.. records.Select(record => record.RequestId)];

    private static void Append(DurableUsageStore store, int count)
    {
        for (int i = 0; i < count; i++)
        {
            store.Append(SampleRecords.Answered(Now));
        }
    }

    private static async Task<long> CountAsync(DurableUsageStore store) =>
        (await store.QueryAsync(new UsageQuery { From = Now.AddDays(-1), To = Now.AddDays(1) })).Total.Requests;

    private DurableUsageStore Create()
    {
        DurableUsageStore store = new(_database, JournalPath, _options, _clock, _log);
        _stores.Add(store);
        return store;
    }

    private Task NextWriteAsync()
    {
        TaskCompletionSource written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _database.AfterWrite = () => written.TrySetResult();
        return written.Task;
    }

    private List<FakeLogRecord> Events(int id) => [.. _log.Collector.GetSnapshot().Where(record => record.Id.Id == id)];

    /// <summary>Tags that somebody changes while they are read.</summary>
    private sealed class BrokenTags : IReadOnlyDictionary<string, string>
    {
        public int Count => 1;

        public IEnumerable<string> Keys => [];

        public IEnumerable<string> Values => [];

        public string this[string key] => "";

        public bool ContainsKey(string key) => false;

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
        {
            value = null;
            return false;
        }

        public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => throw new InvalidOperationException("The collection was changed meanwhile.");

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
