using System.Globalization;
using IntegrationLayer.Sdk.Analytics.Journal;
using IntegrationLayer.Sdk.Analytics.Sqlite;
using IntegrationLayer.Sdk.Analytics.Storage;
using IntegrationLayer.Sdk.TestSupport.Usage;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Analytics.Tests.Sqlite;

/// <summary>What is SQLite's own: the file, its schema, its pruning.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class SqliteDatabaseTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 15, 18, 30, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Today = new(2026, 1, 15, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly AnalyticsOptions _options = new();
    private readonly List<SqliteUsageDatabase> _databases = [];

    private string FilePath => _folder.File("data/usage.db");

    public async ValueTask DisposeAsync()
    {
        foreach (SqliteUsageDatabase database in _databases)
        {
            await database.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Test]
    public async Task Batch_that_is_given_again_is_not_counted_again()
    {
        SqliteUsageDatabase database = Open();
        UsageRecord[] records = [.. SampleRecords.Mix(1, 10, Today, TimeSpan.FromHours(1))];
        Guid writer = Guid.NewGuid();
        await database.WriteAsync(Batch(writer, 1, records[..4]), CancellationToken.None);
        await database.WriteAsync(Batch(writer, 1, records[..4]), CancellationToken.None);
        await database.WriteAsync(Batch(writer, 3, records[2..]), CancellationToken.None);

        Assert.That(await CountAsync(database), Is.EqualTo(10));
        Assert.That(await CountAsync(database, UsageDimension.Tag("x")), Is.EqualTo(10), "nor in the records themselves");
    }

    [Test]
    public async Task Several_writers_of_one_file_add_up()
    {
        SqliteUsageDatabase[] databases = [.. Enumerable.Range(0, 4).Select(_ => Open())];
        await Parallel.ForEachAsync(databases, async (database, token) =>
        {
            Guid writer = Guid.NewGuid();
            for (int i = 0; i < 20; i++)
            {
                await database.WriteAsync(Batch(writer, (i * 50) + 1, [.. SampleRecords.Mix(i, 50, Today, TimeSpan.FromHours(1))]), token);
            }
        });

        Assert.That(await CountAsync(databases[0]), Is.EqualTo(4_000));
        Assert.That(await CountAsync(databases[1], UsageDimension.Tag("x")), Is.EqualTo(4_000));
    }

    [Test]
    public async Task Failed_batch_leaves_nothing_behind_and_can_be_given_again()
    {
        SqliteUsageDatabase database = Open();
        await database.OpenAsync(CancellationToken.None);
        await ExecuteAsync("CREATE TRIGGER no BEFORE INSERT ON il_day BEGIN SELECT RAISE(FAIL, 'no room'); END");
        UsageBatch batch = Batch(Guid.NewGuid(), 1, [.. SampleRecords.Mix(1, 10, Today, TimeSpan.FromHours(1))]);
        Assert.That(async () => await database.WriteAsync(batch, CancellationToken.None), Throws.TypeOf<SqliteException>().With.Message.Contains("no room"));
        Assert.That(await CountAsync(database), Is.Zero);

        await ExecuteAsync("DROP TRIGGER no");
        await database.WriteAsync(batch, CancellationToken.None);
        Assert.That(await CountAsync(database), Is.EqualTo(10));
    }

    [Test]
    public async Task Old_records_are_deleted_and_their_days_go_on_being_told()
    {
        SqliteUsageDatabase database = Open();
        UsageRecord[] records = [.. SampleRecords.Mix(1, 500, Today.AddDays(-50), TimeSpan.FromDays(50))];
        await database.WriteAsync(Batch(Guid.NewGuid(), 1, records), CancellationToken.None);
        UsageQuery query = new() { From = Today.AddDays(-50), To = Today, Bucket = UsageBucket.Day, GroupBy = [UsageDimension.Tenant, UsageDimension.User] };
        string before = UsageText.Of(await database.QueryAsync(query, CancellationToken.None));

        _options.KeepHours = TimeSpan.FromDays(20);
        KeptTimes kept = KeptTimes.At(Now, _options);
        await database.PruneAsync(kept, CancellationToken.None);
        await database.PruneAsync(kept, CancellationToken.None);

        Assert.That(UsageText.Of(await database.QueryAsync(query, CancellationToken.None)), Is.EqualTo(before));
        Assert.That(await ScalarAsync("SELECT COUNT(*) FROM il_usage"), Is.EqualTo(records.Count(record => record.StartedAt >= Today.AddDays(-30))));
        Assert.That(await ScalarAsync("SELECT MIN(bucket) FROM il_minute"), Is.GreaterThanOrEqualTo(Today.AddDays(-7).Ticks / TimeSpan.TicksPerMinute));
        Assert.That(
            async () => await database.QueryAsync(query with { GroupBy = [UsageDimension.Tag("feature")] }, CancellationToken.None),
            Throws.TypeOf<UsageQueryException>().With.Message.Contains("kept from 2025-12-16"));

        // Hours of that time are gone too, so the edge is widened to the day.
        UsageReport report = await database.QueryAsync(new UsageQuery { From = Today.AddDays(-39.5), To = Today.AddDays(-38) }, CancellationToken.None);
        Assert.That((report.From, report.To), Is.EqualTo((Today.AddDays(-40), Today.AddDays(-38))));
        Assert.That(report.Total.Requests, Is.EqualTo(records.Count(record => record.StartedAt >= Today.AddDays(-40) && record.StartedAt < Today.AddDays(-38))));
    }

    [Test]
    public async Task Late_record_of_a_time_that_was_pruned_is_counted_in_its_day()
    {
        SqliteUsageDatabase database = Open();
        DateTimeOffset old = Today.AddDays(-40).AddHours(3);
        Guid writer = Guid.NewGuid();
        await database.WriteAsync(Batch(writer, 1, [SampleRecords.Answered(old)]), CancellationToken.None);
        await database.PruneAsync(KeptTimes.At(Now, _options), CancellationToken.None);
        await database.WriteAsync(Batch(writer, 2, [SampleRecords.Answered(old)]), CancellationToken.None);

        UsageReport report = await database.QueryAsync(new UsageQuery { From = old.AddDays(-1), To = old.AddDays(1), Bucket = UsageBucket.Day }, CancellationToken.None);
        Assert.That(report.Total.Requests, Is.EqualTo(2));
    }

    [Test]
    public async Task Records_can_be_read_by_people_and_their_tools()
    {
        SqliteUsageDatabase database = Open();
        UsageRecord record = SampleRecords.Answered(Today.AddHours(1.5));
        await database.WriteAsync(Batch(Guid.NewGuid(), 1, [record]), CancellationToken.None);

        Assert.That(await TextAsync("SELECT started || ' ' || tenant || ' ' || user_id || ' ' || model || ' ' || cost || ' ' || request_id FROM il_requests"),
            Is.EqualTo($"2026-01-15 01:30:00.000 acme jo gpt-4o-mini 27000 {record.RequestId}"));
        Assert.That(await TextAsync("SELECT attempts FROM il_requests"), Is.Empty, "the one call that went well is the record itself");
    }

    [Test]
    public async Task Calls_and_tags_are_kept_as_json()
    {
        SqliteUsageDatabase database = Open();
        UsageRecord failed = SampleRecords.Mix(1, 50, Today, TimeSpan.FromHours(1)).First(r => r.Outcome == "error" && r.Context.Tags.Count > 0);
        await database.WriteAsync(Batch(Guid.NewGuid(), 1, [failed]), CancellationToken.None);

        Assert.That(await TextAsync("SELECT attempts ->> '$[0].error' FROM il_requests"), Is.EqualTo("RateLimited"));
        Assert.That(await TextAsync("SELECT attempts ->> '$[0].status_code' FROM il_requests"), Is.EqualTo("429"));
        Assert.That(await TextAsync("SELECT tags ->> '$.feature' FROM il_requests"), Is.EqualTo(failed.Context.Tags["feature"]));
    }

    [Test]
    public async Task Tables_of_a_newer_package_are_refused_with_the_cure()
    {
        await Open().OpenAsync(CancellationToken.None);
        await ExecuteAsync("UPDATE il_meta SET value = 99 WHERE name = 'schema'");

        Assert.That(async () => await Open().OpenAsync(CancellationToken.None),
            Throws.TypeOf<UsageDatabaseException>().With.Message.Contains("version 99").And.Message.Contains("Update IntegrationLayer.Sdk.Analytics").And.Property("IsTransient").False);
    }

    [Test]
    public async Task Tables_of_an_older_version_are_brought_up_to_date_with_what_is_in_them()
    {
        Directory.CreateDirectory(_folder.File("data"));
        using (SqliteConnection connection = new($"Data Source={FilePath};Pooling=false"))
        {
            connection.Open();
            await new UsageSchema(SqliteDialect.Instance, [.. Migrations.All.Take(1)]).UpdateAsync(connection, CancellationToken.None);
        }

        await ExecuteAsync("INSERT INTO il_meta (name, value) VALUES ('kept:il_usage', 5)");
        await Open().WriteAsync(Batch(Guid.NewGuid(), 1, [SampleRecords.Answered(Today)]), CancellationToken.None);
        Assert.That(await ScalarAsync("SELECT COUNT(*) FROM il_requests"), Is.EqualTo(1), "the view of the second version");
        Assert.That(await ScalarAsync("SELECT value FROM il_meta WHERE name = 'schema'"), Is.EqualTo(Migrations.All.Count));
        Assert.That(await ScalarAsync("SELECT value FROM il_meta WHERE name = 'kept:il_usage'"), Is.EqualTo(5));
    }

    [Test]
    public void File_that_is_no_database_is_refused_with_the_cure()
    {
        Directory.CreateDirectory(_folder.File("data"));
        File.WriteAllText(FilePath, new string('x', 5_000));

        Assert.That(async () => await Open().OpenAsync(CancellationToken.None),
            Throws.TypeOf<UsageDatabaseException>().With.Message.Contains(FilePath).And.Message.Contains("no SQLite database").And.Property("IsTransient").False);
    }

    [Test]
    public void Path_that_cannot_be_written_is_refused_with_the_cure()
    {
        File.WriteAllText(_folder.File("data"), "a file, not a folder");

        Assert.That(async () => await Open().OpenAsync(CancellationToken.None),
            Throws.TypeOf<UsageDatabaseException>().With.Message.Contains("UseSqliteAnalytics a path that this process may write"));
        Directory.CreateDirectory(_folder.File("usage.db"));
        Assert.That(async () => await Open(_folder.File("usage.db")).OpenAsync(CancellationToken.None), Throws.TypeOf<UsageDatabaseException>());
    }

    [Test]
    public async Task Query_of_a_database_that_cannot_be_read_says_so()
    {
        SqliteUsageDatabase database = Open();
        await database.OpenAsync(CancellationToken.None);
        await ExecuteAsync("DROP TABLE il_day");

        Assert.That(async () => await CountAsync(database),
            Throws.TypeOf<UsageDatabaseException>().With.Message.Contains("can't be read").And.Message.Contains("il_day").And.Property("IsTransient").True);
    }

    private static UsageBatch Batch(Guid writer, long first, UsageRecord[] records) => new(writer, [.. records.Select((record, i) => new JournalEntry(first + i, record))]);

    private static async Task<long> CountAsync(SqliteUsageDatabase database, params UsageDimension[] groupBy) =>
        (await database.QueryAsync(new UsageQuery { From = Today, To = Today.AddDays(1), GroupBy = groupBy }, CancellationToken.None)).Total.Requests;

    private SqliteUsageDatabase Open(string? path = null)
    {
        SqliteUsageDatabase database = new(path ?? FilePath, _options, new FakeTimeProvider(Now));
        _databases.Add(database);
        return database;
    }

    private async Task<string> TextAsync(string sql)
    {
        using SqliteConnection connection = new($"Data Source={FilePath};Pooling=false");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture) ?? "";
    }

    private async Task<long> ScalarAsync(string sql) => long.Parse(await TextAsync(sql), CultureInfo.InvariantCulture);

    private Task<string> ExecuteAsync(string sql) => TextAsync(sql);
}
