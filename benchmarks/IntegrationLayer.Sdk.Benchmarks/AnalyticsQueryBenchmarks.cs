using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;
using IntegrationLayer.Sdk.Analytics;
using IntegrationLayer.Sdk.Analytics.Sqlite;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Extensions.Logging.Abstractions;

namespace IntegrationLayer.Sdk.Benchmarks;

/// <summary>Queries over a million records of thirty days in SQLite: from the sums of hours and days, and, for comparison, a tag's from the records themselves.</summary>
[MemoryDiagnoser]
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The clean-up disposes of it.")]
public class AnalyticsQueryBenchmarks
{
    private const int Records = 1_000_000;
    private const int Piece = 10_000;
    private static readonly TimeSpan Month = TimeSpan.FromDays(29);
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    // Takes most of a minute to fill, so the benchmarks of one process share it.
    private static readonly Lazy<Task<DurableUsageStore>> Filled = new(FillAsync);

    private DurableUsageStore _store = null!;

    [GlobalSetup]
    public async Task Prepare() => _store = await Filled.Value;

    [Benchmark]
    public Task<UsageReport> Month_by_tenant_and_model() => AskAsync(Month, UsageBucket.Total, UsageDimension.Tenant, UsageDimension.Model);

    [Benchmark]
    public Task<UsageReport> Month_by_day_and_tenant() => AskAsync(Month, UsageBucket.Day, UsageDimension.Tenant);

    [Benchmark]
    public Task<UsageReport> Week_by_hour_and_model() => AskAsync(TimeSpan.FromDays(7), UsageBucket.Hour, UsageDimension.Model);

    [Benchmark]
    public Task<UsageReport> Month_by_tag_from_the_records() => AskAsync(Month, UsageBucket.Total, UsageDimension.Tag("feature"));

    private static async Task<DurableUsageStore> FillAsync()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("il-bench-");
        AnalyticsOptions options = new();
        SqliteUsageDatabase database = new(Path.Combine(folder.FullName, "usage.db"), options, TimeProvider.System);
        DurableUsageStore store = new(database, Path.Combine(folder.FullName, "journal"), options, TimeProvider.System, NullLogger<DurableUsageStore>.Instance);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            store.Dispose();
            folder.Delete(recursive: true);
        };
        for (int i = 0; i < Records; i += Piece)
        {
            foreach (UsageRecord record in AnalyticsRecords.Make(Piece, Now - (Month * ((double)(Records - i) / Records)), Month * ((double)Piece / Records)))
            {
                store.Append(record);
            }

            await store.FlushAsync();
        }

        return store;
    }

    private async Task<UsageReport> AskAsync(TimeSpan range, UsageBucket bucket, params UsageDimension[] groupBy)
    {
        UsageReport report = await _store.QueryAsync(new UsageQuery { From = Now - range, To = Now, Bucket = bucket, GroupBy = groupBy });
        return report.Total.Requests > 0 ? report : throw new InvalidOperationException("The report is empty.");
    }
}
