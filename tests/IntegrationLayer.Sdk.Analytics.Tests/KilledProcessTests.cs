using System.Diagnostics;
using System.Globalization;
using IntegrationLayer.Sdk.Analytics.Postgres;
using IntegrationLayer.Sdk.Analytics.Sqlite;
using IntegrationLayer.Sdk.Analytics.Storage;
using IntegrationLayer.Sdk.TestSupport.Processes;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace IntegrationLayer.Sdk.Analytics.Tests;

/// <summary>Processes that write records and are killed (SIGKILL) in the middle of it.</summary>
[Category("Slow")]
internal sealed class KilledProcessTests
{
    private const string Evaluations = "IntegrationLayer.Sdk.Evaluations";
    private const int Kills = 5;

    [TestCase("sqlite")]
    [TestCase("postgres")]
    [Property("FaultMatrix", "45")]
    public async Task Acknowledged_records_are_neither_lost_nor_counted_twice(string kind)
    {
        using TemporaryFolder folder = new();
        string where = kind == "sqlite" ? folder.File("usage.db") : SharedPostgres.NewSchema();
        var acknowledged = new Dictionary<string, int>();
        var random = new Random(1);
        for (int i = 0; i < Kills; i++)
        {
            string name = $"writer{i}";
            ChildProcess writer = ChildProcess.Start(new ProcessStartInfo("dotnet", [Program(), "usage-writer", kind, where, folder.File("journal"), name]));
            int most = random.Next(500, 6_000);
            try
            {
                await writer.WaitUntilReadyAsync("The writer", () => Task.FromResult(Acknowledged(writer.Output) >= most), TimeSpan.FromSeconds(60));
            }
            finally
            {
                await writer.DisposeAsync();
            }

            acknowledged[name] = Acknowledged(writer.Output);
        }

        AnalyticsOptions options = new();
        IUsageDatabase database = kind == "sqlite" ? new SqliteUsageDatabase(where, options, TimeProvider.System) : PostgresUsageDatabase.Create(where, options, TimeProvider.System);
        await using DurableUsageStore store = new(database, folder.File("journal"), options, TimeProvider.System, NullLogger<DurableUsageStore>.Instance);
        await store.RecoverAsync(CancellationToken.None);

        HashSet<string> found = [];
        foreach (string id in Ids(kind, where))
        {
            Assert.That(found.Add(id), Is.True, $"{id} is there twice");
        }

        foreach ((string name, int count) in acknowledged)
        {
            Assert.That(Enumerable.Range(1, count).Where(number => !found.Contains($"{name}-{number}")), Is.Empty, $"of {name}");
        }

        UsageReport report = await store.QueryAsync(new UsageQuery { From = DateTimeOffset.UtcNow.AddDays(-2), To = DateTimeOffset.UtcNow.AddDays(2), Bucket = UsageBucket.Day });
        Assert.That((report.Total.Requests, report.Total.ExactCostNanoUsd), Is.EqualTo(((long)found.Count, (long)found.Count)), "the sums are those of the records");
        Assert.That(store.Status.Recovered, Is.GreaterThan(0), "there was something to recover");
    }

    private static string Program()
    {
        DirectoryInfo output = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(output.Parent!.Parent!.FullName, Evaluations, output.Name, $"{Evaluations}.dll");
    }

    // The last whole line, which may be an older one than the process has written: then it has acknowledged more.
    private static int Acknowledged(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : 0).LastOrDefault();

    private static IEnumerable<string> Ids(string kind, string where)
    {
        using System.Data.Common.DbConnection connection = kind == "sqlite" ? new SqliteConnection($"Data Source={where};Pooling=false") : new NpgsqlConnection(where);
        connection.Open();
        using System.Data.Common.DbCommand command = connection.CreateCommand();
        command.CommandText = "SELECT request_id FROM il_usage";
        using System.Data.Common.DbDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            yield return rows.GetString(0);
        }
    }
}
