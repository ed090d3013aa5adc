using IntegrationLayer.Sdk.Analytics.Journal;
using IntegrationLayer.Sdk.Analytics.Postgres;
using IntegrationLayer.Sdk.Analytics.Storage;
using IntegrationLayer.Sdk.TestSupport.Postgres;
using IntegrationLayer.Sdk.TestSupport.Usage;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace IntegrationLayer.Sdk.Analytics.Tests.Postgres;

/// <summary>What is PostgreSQL's own: many writers, batches given again, long histograms, refusals.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class PostgresDatabaseTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 15, 18, 30, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Today = new(2026, 1, 15, 0, 0, 0, TimeSpan.Zero);

    private readonly string _schema = SharedPostgres.NewSchema();
    private readonly AnalyticsOptions _options = new();
    private readonly List<PostgresUsageDatabase> _databases = [];

    public async ValueTask DisposeAsync()
    {
        foreach (PostgresUsageDatabase database in _databases)
        {
            await database.DisposeAsync();
        }
    }

    [Test]
    public async Task Batch_that_is_given_again_is_not_counted_again()
    {
        PostgresUsageDatabase database = Open();
        UsageRecord[] records = [.. SampleRecords.Mix(1, 10, Today, TimeSpan.FromHours(1))];
        Guid writer = Guid.NewGuid();
        await database.WriteAsync(Batch(writer, 1, records[..4]), CancellationToken.None);
        await database.WriteAsync(Batch(writer, 1, records[..4]), CancellationToken.None);
        await database.WriteAsync(Batch(writer, 3, records[2..]), CancellationToken.None);

        Assert.That(await CountAsync(database), Is.EqualTo(10));
        Assert.That(await CountAsync(database, UsageDimension.Tag("x")), Is.EqualTo(10), "nor in the records themselves");
    }

    // As when the connection broke while the first one was being committed.
    [Test]
    public async Task Batch_that_two_connections_write_at_once_is_counted_once()
    {
        PostgresUsageDatabase[] databases = [.. Enumerable.Range(0, 4).Select(_ => Open())];
        for (int round = 0; round < 10; round++)
        {
            UsageBatch batch = Batch(Guid.NewGuid(), 1, [.. SampleRecords.Mix(round, 20, Today, TimeSpan.FromHours(1))]);
            await Task.WhenAll(databases.Select(database => database.WriteAsync(batch, CancellationToken.None)));
        }

        Assert.That(await CountAsync(databases[0], UsageDimension.Tag("x")), Is.EqualTo(200));
        Assert.That(await CountAsync(databases[0]), Is.EqualTo(200));
    }

    [Test]
    public async Task Many_writers_of_the_same_sums_add_up()
    {
        PostgresUsageDatabase[] databases = [.. Enumerable.Range(0, 6).Select(_ => Open())];
        UsageTotals expected = new();
        for (int i = 0; i < 20; i++)
        {
            foreach (UsageRecord record in SampleRecords.Mix(i, 50, Today, TimeSpan.FromMinutes(3)))
            {
                for (int writer = 0; writer < databases.Length; writer++)
                {
                    expected.Add(record);
                }
            }
        }

        await Task.WhenAll(databases.Select(async database =>
        {
            Guid writer = Guid.NewGuid();
            for (int i = 0; i < 20; i++)
            {
                await database.WriteAsync(Batch(writer, (i * 50) + 1, [.. SampleRecords.Mix(i, 50, Today, TimeSpan.FromMinutes(3))]), CancellationToken.None);
            }
        }));

        Assert.That(UsageText.Of((await QueryAsync(databases[0])).Total), Is.EqualTo(UsageText.Of(expected)));
        Assert.That(UsageText.Of((await QueryAsync(databases[1], UsageDimension.Tag("x"))).Total), Is.EqualTo(UsageText.Of(expected)));
    }

    [Test]
    public async Task Histograms_that_become_long_are_put_in_short()
    {
        PostgresUsageDatabase database = Open();
        Guid writer = Guid.NewGuid();
        UsageTotals expected = new();
        var random = new Random(1);
        for (int i = 0; i < 30; i++)
        {
            UsageRecord[] few = [.. Enumerable.Range(0, 100).Select(_ => Lasting(random))];
            await database.WriteAsync(Batch(writer, (i * 100) + 1, few), CancellationToken.None);
            foreach (UsageRecord record in few)
            {
                expected.Add(record);
            }
        }

        Assert.That(UsageText.Of((await QueryAsync(database)).Total), Is.EqualTo(UsageText.Of(expected)));
        Assert.That(UsageText.Of((await QueryAsync(database, UsageDimension.User)).Total), Is.EqualTo(UsageText.Of(expected)));
        Assert.That(SharedPostgres.Scalar(_schema, "SELECT MAX(octet_length(durations) + octet_length(first_tokens)) FROM il_day"), Is.LessThanOrEqualTo(4_096));
    }

    [Test]
    public async Task Old_records_are_deleted_and_their_days_go_on_being_told()
    {
        PostgresUsageDatabase database = Open();
        UsageRecord[] records = [.. SampleRecords.Mix(1, 300, Today.AddDays(-50), TimeSpan.FromDays(50))];
        await database.WriteAsync(Batch(Guid.NewGuid(), 1, records), CancellationToken.None);
        UsageQuery query = new() { From = Today.AddDays(-50), To = Today, Bucket = UsageBucket.Day, GroupBy = [UsageDimension.Tenant, UsageDimension.User] };
        string before = UsageText.Of(await database.QueryAsync(query, CancellationToken.None));

        await database.PruneAsync(KeptTimes.At(Now, _options), CancellationToken.None);

        Assert.That(UsageText.Of(await database.QueryAsync(query, CancellationToken.None)), Is.EqualTo(before));
        Assert.That(SharedPostgres.Scalar(_schema, "SELECT COUNT(*) FROM il_usage"), Is.EqualTo(records.Count(record => record.StartedAt >= Today.AddDays(-30))));
        Assert.That(
            async () => await database.QueryAsync(query with { GroupBy = [UsageDimension.Tag("feature")] }, CancellationToken.None),
            Throws.TypeOf<UsageQueryException>().With.Message.Contains("kept from 2025-12-16"));
    }

    [Test]
    public async Task Records_can_be_read_by_people_and_their_tools()
    {
        UsageRecord record = SampleRecords.Answered(Today.AddHours(1.5));
        await Open().WriteAsync(Batch(Guid.NewGuid(), 1, [record]), CancellationToken.None);

        Assert.That(
            SharedPostgres.Scalar(_schema, "SELECT to_char(started AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' ' || tenant || ' ' || cost || ' ' || request_id FROM il_requests"),
            Is.EqualTo($"2026-01-15 01:30:00 acme 27000 {record.RequestId}"));
    }

    [Test]
    public async Task Writer_that_is_done_is_forgotten()
    {
        PostgresUsageDatabase database = Open();
        Guid writer = Guid.NewGuid();
        await database.WriteAsync(Batch(writer, 1, [SampleRecords.Answered(Today)]), CancellationToken.None);
        await database.ForgetAsync(writer, CancellationToken.None);

        Assert.That(SharedPostgres.Scalar(_schema, "SELECT COUNT(*) FROM il_writers"), Is.Zero);
    }

    [Test]
    public async Task Tables_of_a_newer_package_are_refused_with_the_cure()
    {
        await Open().OpenAsync(CancellationToken.None);
        SharedPostgres.Execute(_schema, "UPDATE il_meta SET value = 99 WHERE name = 'schema'");

        Assert.That(async () => await Open().OpenAsync(CancellationToken.None), Throws.TypeOf<UsageDatabaseException>().With.Message.Contains("version 99"));
    }

    [Test]
    public void Processes_that_start_together_make_the_tables_once() => Assert.That(
        async () => await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Open().OpenAsync(CancellationToken.None))), Throws.Nothing);

    [Test]
    public void Refusals_that_waiting_does_not_cure_name_the_cure()
    {
        SharedPostgres.Execute(_schema, "DROP ROLE IF EXISTS nobody; CREATE ROLE nobody LOGIN");

        Assert.That(
            async () => await Open(_schema.Replace("Database=postgres", "Database=missing", StringComparison.Ordinal)).OpenAsync(CancellationToken.None),
            Throws.TypeOf<UsageDatabaseException>().With.Message.Contains("missing").And.Message.Contains("Create the database").And.Property("IsTransient").False);
        Assert.That(
            async () => await Open(_schema.Replace("Username=postgres", "Username=unknown", StringComparison.Ordinal)).OpenAsync(CancellationToken.None),
            Throws.TypeOf<UsageDatabaseException>().With.Message.Contains("a user and a password"));
        Assert.That(
            async () => await Open(_schema.Replace("Username=postgres", "Username=nobody", StringComparison.Ordinal)).OpenAsync(CancellationToken.None),
            Throws.TypeOf<UsageDatabaseException>().With.Message.Contains("Let the user create tables"));
    }

    // One series and one caller; only the durations differ.
    private static UsageRecord Lasting(Random random) => new()
    {
        RequestId = Guid.NewGuid().ToString("N"),
        StartedAt = Today.AddHours(1),
        Duration = TimeSpan.FromMicroseconds(Math.Pow(10, 7 * random.NextDouble())),
        TimeToFirstToken = TimeSpan.FromMicroseconds(Math.Pow(10, 6 * random.NextDouble())),
        Outcome = "success",
        PriceStatus = PriceStatus.Exact,
        CostNanoUsd = 1,
    };

    private static UsageBatch Batch(Guid writer, long first, UsageRecord[] records) => new(writer, [.. records.Select((record, i) => new JournalEntry(first + i, record))]);

    private static Task<UsageReport> QueryAsync(PostgresUsageDatabase database, params UsageDimension[] groupBy) =>
        database.QueryAsync(new UsageQuery { From = Today, To = Today.AddDays(1), GroupBy = groupBy }, CancellationToken.None);

    private static async Task<long> CountAsync(PostgresUsageDatabase database, params UsageDimension[] groupBy) => (await QueryAsync(database, groupBy)).Total.Requests;

    private PostgresUsageDatabase Open(string? connectionString = null)
    {
        PostgresUsageDatabase database = PostgresUsageDatabase.Create(connectionString ?? _schema, _options, new FakeTimeProvider(Now));
        _databases.Add(database);
        return database;
    }
}
