using IntegrationLayer.Sdk.Analytics.Postgres;
using IntegrationLayer.Sdk.TestSupport.Usage;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Analytics.Tests.Postgres;

/// <summary>The contract of every store, in PostgreSQL.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class PostgresAnalyticsTests : UsageAnalyticsContract, IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DurableUsageStore _store;

    public PostgresAnalyticsTests()
    {
        AnalyticsOptions options = new();
        FakeTimeProvider clock = new(Now);
        _store = new DurableUsageStore(
            PostgresUsageDatabase.Create(SharedPostgres.NewSchema(), options, clock), _folder.File("journal"), options, clock, NullLogger<DurableUsageStore>.Instance);
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
