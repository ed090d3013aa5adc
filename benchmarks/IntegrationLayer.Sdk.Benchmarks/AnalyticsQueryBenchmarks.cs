using BenchmarkDotNet.Attributes;
using IntegrationLayer.Sdk.Analytics;
using IntegrationLayer.Sdk.Analytics.Sqlite;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Extensions.Logging.Abstractions;

namespace IntegrationLayer.Sdk.Benchmarks;

/// <summary>Queries over a million records of thirty days in SQLite: from the sums of hours and days, and, for comparison, a tag's from the records themselves.</summary>
[MemoryDiagnoser]
public class AnalyticsQueryBenchmarks
{
    private const int Records = 1_000_000;
    private const int Piece = 10_000;
    private static readonly TimeSpan Month = TimeSpan.FromDays(29.5);

    private readonly DateTimeOffset _to = DateTimeOffset.UtcNow;
    private DirectoryInfo _folder = null!;
    private DurableUsageStore _store = null!;

    [GlobalSetup]
    public async Task Prepare()
    {
        _folder = Directory.CreateTempSubdirectory("il-bench-");
        AnalyticsOptions options = new();
        SqliteUsageDatabase database = new(Path.Combine(_folder.FullName, "usage.db"), options, TimeProvider.System);
        _store = new DurableUsageStore(database, Path.Combine(_folder.FullName, "journal"), options, TimeProvider.System, NullLogger<DurableUsageStore>.Instance);
        for (int i = 0; i < Records / Piece; i++)
        {
            foreach (UsageRecord record in AnalyticsRecords.Make(Piece, _to - (Month * (Records - (i * Piece)) / Records), Month * Piece / Records))
            {
                _store.Append(record);
            }

            await _store.FlushAsync();
        }
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _store.Dispose();
        _folder.Delete(recursive: true);
    }

    [Benchmark]
    public Task<UsageReport> Month_by_tenant_and_model() => AskAsync(Month, UsageBucket.Total, UsageDimension.Tenant, UsageDimension.Model);

    [Benchmark]
    public Task<UsageReport> Month_by_day_and_tenant() => AskAsync(Month, UsageBucket.Day, UsageDimension.Tenant);

    [Benchmark]
    public Task<UsageReport> Week_by_hour_and_model() => AskAsync(TimeSpan.FromDays(7), UsageBucket.Hour, UsageDimension.Model);

    [Benchmark]
    public Task<UsageReport> Month_by_user() => AskAsync(Month, UsageBucket.Total, UsageDimension.User);

    [Benchmark]
    public Task<UsageReport> Month_by_tag_from_the_records() => AskAsync(Month, UsageBucket.Total, UsageDimension.Tag("feature"));

    private async Task<UsageReport> AskAsync(TimeSpan range, UsageBucket bucket, params UsageDimension[] groupBy)
    {
        UsageReport report = await _store.QueryAsync(new UsageQuery { From = _to - range, To = _to, Bucket = bucket, GroupBy = groupBy });
        return report.Total.Requests > 0 ? report : throw new InvalidOperationException("The report is empty.");
    }
}
