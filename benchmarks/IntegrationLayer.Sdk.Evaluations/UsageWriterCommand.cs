using IntegrationLayer.Sdk.Analytics;
using IntegrationLayer.Sdk.Analytics.Postgres;
using IntegrationLayer.Sdk.Analytics.Sqlite;
using IntegrationLayer.Sdk.Analytics.Storage;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Extensions.Logging.Abstractions;

namespace IntegrationLayer.Sdk.Evaluations;

/// <summary>Writes usage records until it is killed, and says on its standard output how many are acknowledged. Started by tests, which kill it.</summary>
internal static class UsageWriterCommand
{
    private const int Most = 200;

    /// <summary>Runs until its standard input ends.</summary>
    /// <param name="args"><c>sqlite</c> or <c>postgres</c>, the file or the connection, the folder of journals, and the writer's name, which the records' identifiers begin with.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        AnalyticsOptions options = new() { StoreInterval = TimeSpan.FromMilliseconds(5) };
        IUsageDatabase database = args[0] == "sqlite"
            ? new SqliteUsageDatabase(args[1], options, TimeProvider.System)
            : PostgresUsageDatabase.Create(args[1], options, TimeProvider.System);
        await using DurableUsageStore store = new(database, args[2], options, TimeProvider.System, NullLogger<DurableUsageStore>.Instance);
        Task end = Task.Run(() => Console.In.ReadToEnd());
        var random = new Random(args[3].GetHashCode(StringComparison.Ordinal));
        for (int count = 0; !end.IsCompleted;)
        {
            for (int i = random.Next(1, Most); i > 0; i--)
            {
                store.Append(Record($"{args[3]}-{++count}"));
            }

            await store.AcknowledgeAsync();
            Console.WriteLine(count);
        }

        return 0;
    }

    private static UsageRecord Record(string id) => new()
    {
        RequestId = id,
        Context = new LlmRequestContext { TenantId = "acme", UserId = "jo" },
        StartedAt = DateTimeOffset.UtcNow,
        Duration = TimeSpan.FromMilliseconds(1),
        Outcome = "success",
        PriceStatus = PriceStatus.Exact,
        CostNanoUsd = 1,
    };
}
