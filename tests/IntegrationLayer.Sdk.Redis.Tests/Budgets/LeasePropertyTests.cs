using IntegrationLayer.Sdk.TestSupport.Redis;

namespace IntegrationLayer.Sdk.Redis.Tests.Budgets;

/// <summary>Whatever processes do and whatever happens to them and to their messages: never more than the limit, and nothing lost.</summary>
internal sealed class LeasePropertyTests
{
    private static RedisServer? s_server;

    [OneTimeSetUp]
    public static async Task StartServerAsync() => s_server = await RedisServer.StartNewAsync();

    [OneTimeTearDown]
    public static async Task StopServerAsync() => await s_server!.DisposeAsync();

    [FsCheck.NUnit.Property(MaxTest = 60)]
    public void Settled_and_held_never_exceed_the_limit_and_no_spending_is_lost(int seed) => LeaseWorld.RunAsync(s_server!, seed, operations: 120).GetAwaiter().GetResult();

    [Test]
    public async Task Everything_that_can_happen_does()
    {
        LeaseWorld.Tally tally = new();
        for (int seed = 1; seed <= 20; seed++)
        {
            tally += await LeaseWorld.RunAsync(s_server!, seed, operations: 120);
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(tally.Leased, Is.GreaterThan(50));
            Assert.That(tally.Asked, Is.GreaterThan(100));
            Assert.That(tally.Denied, Is.GreaterThan(20));
            Assert.That(tally.Crashes, Is.GreaterThan(20));
            Assert.That(tally.Expiries, Is.GreaterThan(20));
        }
    }
}
