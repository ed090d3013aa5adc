using IntegrationLayer.Sdk.TestSupport.Redis;

namespace IntegrationLayer.Sdk.Redis.Tests.Budgets;

/// <summary>The contract of ledgers, with leases on a real Redis.</summary>
internal sealed class LeasingLedgerContractTests : LeasingLedgerContract
{
    private static RedisServer? s_server;

    protected override RedisServer Server => s_server!;

    [OneTimeSetUp]
    public static async Task StartServerAsync() => s_server = await RedisServer.StartNewAsync();

    [OneTimeTearDown]
    public static async Task StopServerAsync() => await s_server!.DisposeAsync();
}
