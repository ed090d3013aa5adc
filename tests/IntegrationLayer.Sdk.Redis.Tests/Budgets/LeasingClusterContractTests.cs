using IntegrationLayer.Sdk.TestSupport.Redis;

namespace IntegrationLayer.Sdk.Redis.Tests.Budgets;

/// <summary>The contract of ledgers, with leases on a cluster: scripts there may only touch keys of one hash tag.</summary>
internal sealed class LeasingClusterContractTests : LeasingLedgerContract
{
    private static RedisServer? s_server;

    protected override RedisServer Server => s_server!;

    [OneTimeSetUp]
    public static async Task StartServerAsync() => s_server = await RedisServer.StartNewAsync(isCluster: true);

    [OneTimeTearDown]
    public static async Task StopServerAsync() => await s_server!.DisposeAsync();
}
