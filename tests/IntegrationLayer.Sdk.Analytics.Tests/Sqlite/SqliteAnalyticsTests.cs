using IntegrationLayer.Sdk.Analytics.Sqlite;
using IntegrationLayer.Sdk.TestSupport.Usage;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Analytics.Tests.Sqlite;

/// <summary>The contract of every store, in a SQLite file.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class SqliteAnalyticsTests : UsageAnalyticsContract, IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DurableUsageStore _store;

    public SqliteAnalyticsTests()
    {
        AnalyticsOptions options = new();
        FakeTimeProvider clock = new(Now);
        SqliteUsageDatabase database = new(_folder.File("usage.db"), options, clock);
        _store = new DurableUsageStore(database, _folder.File("journal"), options, clock, NullLogger<DurableUsageStore>.Instance);
    }

    protected override IUsageStore Store => _store;

    protected override IUsageAnalytics Analytics => _store;

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    protected override Task FlushAsync() => _store.FlushAsync();
}
