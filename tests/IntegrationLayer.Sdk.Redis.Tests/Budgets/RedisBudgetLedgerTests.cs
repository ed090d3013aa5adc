using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Redis.Budgets;
using IntegrationLayer.Sdk.TestSupport.Budgets;
using IntegrationLayer.Sdk.TestSupport.Redis;

namespace IntegrationLayer.Sdk.Redis.Tests.Budgets;

/// <summary>The contract of ledgers, on a real Redis.</summary>
internal sealed class RedisBudgetLedgerTests : BudgetLedgerContract, IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 18, 0, 0, TimeSpan.Zero);

    private static RedisServer? s_server;
    private LedgerHost _host = null!;

    [OneTimeSetUp]
    public static async Task StartServerAsync() => s_server = await RedisServer.StartNewAsync();

    [OneTimeTearDown]
    public static async Task StopServerAsync() => await s_server!.DisposeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    protected override Task<IBudgetLedger> CreateAsync()
    {
        _host = new LedgerHost(s_server!);
        _host.SetClock(Start);
        return Task.FromResult<IBudgetLedger>(_host.CreateLedger(Observer));
    }

    protected override Task AdvanceAsync(TimeSpan time)
    {
        _host.Advance(time);
        return Task.CompletedTask;
    }
}
