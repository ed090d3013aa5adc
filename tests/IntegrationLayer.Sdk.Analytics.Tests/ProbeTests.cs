using System.Diagnostics;
using IntegrationLayer.Sdk.Analytics.Sqlite;
using IntegrationLayer.Sdk.TestSupport.Usage;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Extensions.Logging;
namespace IntegrationLayer.Sdk.Analytics.Tests;
internal sealed class ProbeTests
{
    [Test]
    public async Task Probe()
    {
        using TemporaryFolder folder = new();
        AnalyticsOptions options = new();
        SqliteUsageDatabase database = new(folder.File("usage.db"), options, TimeProvider.System);
        using ILoggerFactory f = LoggerFactory.Create(b => b.AddConsole());
        await using DurableUsageStore store = new(database, folder.File("journal"), options, TimeProvider.System, f.CreateLogger<DurableUsageStore>());
        UsageRecord[] records = [.. SampleRecords.Mix(1, 10_000, DateTimeOffset.UtcNow.AddMinutes(-10), TimeSpan.FromMinutes(10))];
        for (int i = 0; i < 5; i++)
        {
            long s = Stopwatch.GetTimestamp();
            foreach (UsageRecord r in records) { store.Append(r); }
            Task t = store.FlushAsync();
            if (await Task.WhenAny(t, Task.Delay(5000)) != t) { TestContext.Out.WriteLine("STUCK " + store.Status); }
            TestContext.Out.WriteLine($"{Stopwatch.GetElapsedTime(s).TotalMilliseconds} ms {store.Status}");
        }
    }
}
