using IntegrationLayer.Sdk.Analytics.Postgres;
using IntegrationLayer.Sdk.TestSupport.Postgres;
using IntegrationLayer.Sdk.TestSupport.Usage;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Extensions.Logging.Abstractions;

namespace IntegrationLayer.Sdk.Analytics.Tests.Postgres;

/// <summary>A server that is killed and started again, and connections that are cut, while records come in.</summary>
internal sealed class PostgresFaultTests
{
    private const int Rounds = 40;
    private const int Each = 100;

    [Test]
    public async Task Nothing_is_lost_or_counted_twice_while_the_server_dies_and_connections_break()
    {
        using TemporaryFolder folder = new();
        await using PostgresServer server = await PostgresServer.StartNewAsync();
        string schema = SharedPostgres.NewSchema(server);
        AnalyticsOptions options = new() { StoreInterval = TimeSpan.FromMilliseconds(5) };
        await using DurableUsageStore store = new(
            PostgresUsageDatabase.Create(schema, options, TimeProvider.System), folder.File("journal"), options, TimeProvider.System, NullLogger<DurableUsageStore>.Instance);
        DateTimeOffset day = DateTimeOffset.UtcNow.Date;
        UsageRecord[] records = [.. SampleRecords.Mix(7, Rounds * Each, day, TimeSpan.FromHours(1))];
        for (int round = 0; round < Rounds; round++)
        {
            foreach (UsageRecord record in records.AsSpan(round * Each, Each))
            {
                store.Append(record);
            }

            await store.AcknowledgeAsync();
            switch (round % 10)
            {
                case 3:
                    await server.StopAsync();
                    break;
                case 6:
                    await server.StartAsync();
                    break;
                case 0 or 8:
                    SharedPostgres.Execute(server.ConnectionString, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'");
                    break;
                case 1 or 9:
                    await store.FlushAsync();
                    break;
            }
        }

        await store.FlushAsync();
        Assert.That(store.Status.Stored, Is.EqualTo(records.Length));
        Assert.That(store.Status.Dropped, Is.Zero);
        Assert.That(SharedPostgres.Scalar(schema, "SELECT COUNT(*) FROM il_usage"), Is.EqualTo(records.Length));
        Assert.That(SharedPostgres.Scalar(schema, "SELECT COUNT(DISTINCT request_id) FROM il_usage"), Is.EqualTo(records.Length));
        UsageTotals expected = new();
        foreach (UsageRecord record in records)
        {
            expected.Add(record);
        }

        UsageReport report = await store.QueryAsync(new UsageQuery { From = day, To = day.AddDays(1) });
        Assert.That(UsageText.Of(report.Total), Is.EqualTo(UsageText.Of(expected)), "nor in the sums");
    }
}
