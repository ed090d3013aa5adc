using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;
using IntegrationLayer.Sdk.Analytics;
using IntegrationLayer.Sdk.Analytics.Sqlite;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Extensions.Logging.Abstractions;

namespace IntegrationLayer.Sdk.Benchmarks;

/// <summary>What a record costs on its way into SQLite: what the request does of it, and the whole way through the journal and into the tables, sums included.</summary>
[MemoryDiagnoser]
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The clean-up disposes of it.")]
public class AnalyticsIngestBenchmarks
{
    private const int Records = 10_000;

    private UsageRecord[] _records = [];
    private DirectoryInfo _folder = null!;
    private DurableUsageStore _store = null!;

    [GlobalSetup]
    public void Prepare()
    {
        _records = AnalyticsRecords.Make(Records, DateTimeOffset.UtcNow.AddMinutes(-10), TimeSpan.FromMinutes(10));
        _folder = Directory.CreateTempSubdirectory("il-bench-");
        AnalyticsOptions options = new();
        SqliteUsageDatabase database = new(Path.Combine(_folder.FullName, "usage.db"), options, TimeProvider.System);
        _store = new DurableUsageStore(database, Path.Combine(_folder.FullName, "journal"), options, TimeProvider.System, NullLogger<DurableUsageStore>.Instance);
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _store.Dispose();
        _folder.Delete(recursive: true);
    }

    [Benchmark(OperationsPerInvoke = Records)]
    public async Task Store()
    {
        foreach (UsageRecord record in _records)
        {
            _store.Append(record);
        }

        await _store.FlushAsync();
        if (_store.Status.Dropped > 0)
        {
            throw new InvalidOperationException("Records were dropped.");
        }
    }
}
