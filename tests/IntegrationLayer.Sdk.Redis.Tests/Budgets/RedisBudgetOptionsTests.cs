using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Redis.Budgets;
using IntegrationLayer.Sdk.TestSupport.Budgets;
using IntegrationLayer.Sdk.TestSupport.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Redis.Tests.Budgets;

public sealed class RedisBudgetOptionsTests
{
    private static IEnumerable<TestCaseData<Action<RedisBudgetOptions>, string>> Mistakes()
    {
        yield return new(o => o.Mode = (RedisBudgetMode)9, "Mode is 9; set it to Strict, Open");
        yield return new(o => o.Unknown = (UnknownBudgetPolicy)9, "Unknown is 9");
        yield return new(o => o.Timeout = TimeSpan.Zero, "Timeout is 00:00:00");
        yield return new(o => o.RebuildDelay = TimeSpan.FromHours(2), "RebuildDelay is 02:00:00");
        yield return new(o => o.OpenAllowance = -0.5m, "OpenAllowance is -0.5; set it from 0 to 1");
        yield return new(o => o.LeaseDuration = TimeSpan.FromSeconds(1), "LeaseDuration is 00:00:01; set it from 00:00:02");
        yield return new(
            o => (o.Mode, o.Unknown, o.RebuildDelay) = (RedisBudgetMode.Lease, UnknownBudgetPolicy.Rebuild, TimeSpan.FromSeconds(10)),
            "LeaseDuration is 00:00:15, not shorter than RedisBudgetOptions.RebuildDelay, 00:00:10");
        yield return new(o => o.OpenAllowance = 1.5m, "OpenAllowance is 1.5");
    }

    [TestCaseSource(nameof(Mistakes))]
    public void Mistake_stops_the_start_and_is_named_with_the_cure(Action<RedisBudgetOptions> mistake, string message)
    {
        using ServiceProvider provider = Build(o =>
        {
            o.Unknown = UnknownBudgetPolicy.AssumeUnspent;
            mistake(o);
        });

        Assert.That(() => provider.GetRequiredService<IStartupValidator>().Validate(), Throws.InstanceOf<OptionsValidationException>().With.Message.Contains(message));
    }

    [Test]
    public void Rebuilding_needs_records()
    {
        using ServiceProvider provider = Build(null);
        using ServiceProvider complete = Build(null, services => services.AddSingleton<IBudgetHistory, FakeHistory>());

        Assert.That(() => provider.GetRequiredService<IStartupValidator>().Validate(), Throws.InstanceOf<OptionsValidationException>().With.Message.Contains("IBudgetHistory").And.Message.Contains("AssumeUnspent"));
        Assert.That(() => complete.GetRequiredService<IStartupValidator>().Validate(), Throws.Nothing);
    }

    [Test]
    public async Task Ledger_is_the_one_in_redis()
    {
        await using RedisServer server = await RedisServer.StartNewAsync();
        await using ServiceProvider provider = Build(o => (o.Unknown, o.Timeout) = (UnknownBudgetPolicy.AssumeUnspent, TimeSpan.FromSeconds(20)), configuration: server.ConnectionString);
        IBudgetLedger ledger = provider.GetRequiredService<IBudgetLedger>();
        BudgetLimit limit = Demands.Daily("acme", 1);

        await ledger.SettleAsync(await ledger.ReserveAsync(1, limit), 1);

        Assert.That(ledger, Is.TypeOf<RedisBudgetLedger>());
        Assert.That(await server.CommandAsync($"HGET il:b1:{{acme}}:Tenant:acme:Usd:day@UTC:{new DateTimeOffset(DateTime.UtcNow.Date, TimeSpan.Zero).ToUnixTimeSeconds()} c"), Is.EqualTo("$10"));
    }

    [Test]
    public async Task Ledger_leases_if_it_is_told_to()
    {
        await using ServiceProvider provider = Build(o => (o.Unknown, o.Mode) = (UnknownBudgetPolicy.AssumeUnspent, RedisBudgetMode.Lease));

        Assert.That(provider.GetRequiredService<IBudgetLedger>(), Is.TypeOf<LeasingBudgetLedger>());
    }

    private static ServiceProvider Build(Action<RedisBudgetOptions>? configure, Action<IServiceCollection>? add = null, string configuration = "localhost")
    {
        ServiceCollection services = new();
        services.AddIntegrationLayer().UseRedis(configuration).UseRedisBudgets(configure);
        add?.Invoke(services);
        return services.BuildServiceProvider();
    }
}
