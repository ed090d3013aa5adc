using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.TestSupport.Budgets;
using IntegrationLayer.Sdk.TestSupport.Redis;

namespace IntegrationLayer.Sdk.Redis.Tests.Budgets;

/// <summary>The contract of ledgers, on a cluster: scripts there may only touch keys of one hash tag.</summary>
internal sealed class RedisClusterLedgerTests : BudgetLedgerContract, IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 18, 0, 0, TimeSpan.Zero);

    private static RedisServer? s_server;
    private LedgerHost _host = null!;

    [OneTimeSetUp]
    public static async Task StartServerAsync() => s_server = await RedisServer.StartNewAsync(isCluster: true);

    [OneTimeTearDown]
    public static async Task StopServerAsync() => await s_server!.DisposeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Test]
    public async Task Choice_that_only_some_partitions_can_pay_gives_way_to_one_that_all_can()
    {
        BudgetLimit tenant = Demands.Daily(Name, 5);
        BudgetLimit everybody = new(new BudgetScope(BudgetScopeKind.Organization, Name), 3, BudgetWindow.Day());

        BudgetReservation granted = await Ledger.ReserveAsync(Demands.Of([tenant, everybody], 6, 4, 2), default);
        (decimal, decimal)[] held = [await Ledger.UsageOfAsync(tenant), await Ledger.UsageOfAsync(everybody)];
        await ThrowsAsync<BudgetExceededException>(Ledger.ReserveAsync(Demands.Of([tenant, everybody], 2m), default));

        Assert.That(granted.Choice, Is.EqualTo(2));
        Assert.That(held, Is.EqualTo([(0m, 2m), (0m, 2m)]));
        Assert.That(await Ledger.UsageOfAsync(tenant), Is.EqualTo((0m, 2m)), "released when the other partition denied");
    }

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
