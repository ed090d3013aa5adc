using System.Diagnostics.Metrics;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Telemetry;
using IntegrationLayer.Sdk.Testing;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;

namespace IntegrationLayer.Sdk.Analytics.Tests;

/// <summary>The package in an application: registered, started, called, stopped.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RegistrationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task Call_is_in_the_report_of_a_sqlite_file_and_of_its_next_process()
    {
        for (int run = 1; run <= 2; run++)
        {
            using IHost host = Build(builder => builder.UseSqliteAnalytics(_folder.File("usage.db")));
            await host.StartAsync();
            Assert.That(await AskAsync(host.Services), Is.EqualTo(run));
            await host.StopAsync();
            Assert.That(Directory.GetDirectories(_folder.File("usage.db.journal")), Is.Empty);
        }
    }

    [Test]
    public async Task Call_is_in_the_report_of_postgres()
    {
        using IHost host = Build(builder => builder.UsePostgresAnalytics(SharedPostgres.NewSchema(), o => o.JournalPath = _folder.File("journal")));
        await host.StartAsync();

        Assert.That(await AskAsync(host.Services), Is.EqualTo(1));
        await host.StopAsync();
    }

    [Test]
    public async Task Data_source_of_ones_own_is_used_and_not_disposed_of()
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(SharedPostgres.NewSchema());
        using (IHost host = Build(builder => builder.UsePostgresAnalytics(_ => source, o => o.JournalPath = _folder.File("journal"))))
        {
            await host.StartAsync();
            Assert.That(await AskAsync(host.Services), Is.EqualTo(1));
            await host.StopAsync();
        }

        Assert.That(await source.CreateCommand("SELECT COUNT(*) FROM il_requests").ExecuteScalarAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task Container_without_a_host_stores_what_is_left_when_it_is_disposed()
    {
        ServiceCollection services = new();
        Add(services, builder => builder.UseSqliteAnalytics(_folder.File("usage.db")));
        using (ServiceProvider provider = services.BuildServiceProvider())
        {
            await provider.GetRequiredService<ILlmClient>().GetResponseAsync("Hello");
        }

        Assert.That(Directory.GetDirectories(_folder.File("usage.db.journal")), Is.Empty);
    }

    [Test]
    public async Task Record_that_is_lost_is_counted_where_operators_look()
    {
        using IHost host = Build(builder => builder.UseSqliteAnalytics(_folder.File("usage.db")));
        await host.StartAsync();
        using MetricCollector<long> dropped = new(host.Services.GetRequiredService<IMeterFactory>(), IntegrationLayerDiagnostics.MeterName, "integration_layer.usage_record.dropped");
        ILlmClient client = host.Services.GetRequiredService<ILlmClient>();
        await client.GetResponseAsync("Hello");
        Assert.That(dropped.GetMeasurementSnapshot(), Is.Empty);
        await host.StopAsync();

        await client.GetResponseAsync("Too late");
        Assert.That(dropped.GetMeasurementSnapshot().Sum(measurement => measurement.Value), Is.EqualTo(1));
    }

    [Test]
    public void Settings_that_make_no_sense_stop_the_start()
    {
        using IHost host = Build(builder => builder.UseSqliteAnalytics(_folder.File("usage.db"), o => o.QueueCapacity = -1));

        Assert.That(async () => await host.StartAsync(), Throws.TypeOf<OptionsValidationException>().With.Message.Contains("QueueCapacity is -1"));
    }

    [Test]
    public void File_that_is_no_database_stops_the_start()
    {
        File.WriteAllText(_folder.File("usage.db"), new string('x', 5_000));
        using IHost host = Build(builder => builder.UseSqliteAnalytics(_folder.File("usage.db")));

        Assert.That(async () => await host.StartAsync(), Throws.TypeOf<UsageDatabaseException>().With.Message.Contains("no SQLite database"));
    }

    [Test]
    public async Task Server_that_is_away_does_not_stop_the_start_and_costs_no_record()
    {
        using IHost host = Build(builder => builder.UsePostgresAnalytics("Host=127.0.0.1;Port=1;Username=x;Timeout=1", o => o.JournalPath = _folder.File("journal")));
        await host.StartAsync();
        LlmResponse response = await host.Services.GetRequiredService<ILlmClient>().GetResponseAsync("Hello");
        Assert.That(response.Receipt, Is.Not.Null);

        IUsageStoreMonitor monitor = host.Services.GetRequiredService<IUsageStoreMonitor>();
        Assert.That(monitor.Status.LastError, Does.Contain("127.0.0.1:1"));
        Assert.That(
            async () => await host.Services.GetRequiredService<IUsageAnalytics>().QueryAsync(Today()),
            Throws.TypeOf<UsageDatabaseException>().With.Property("IsTransient").True.And.Message.Contains("can't be read"));
        await host.StopAsync(new CancellationToken(canceled: true));
        Assert.That(Directory.GetDirectories(_folder.File("journal")), Has.Length.EqualTo(1), "for the next process");
    }

    [TestCase(":memory:")]
    [TestCase("Data Source=usage.db")]
    public void Path_that_is_no_file_is_refused_with_the_cure(string path) => Assert.That(
        () => new ServiceCollection().AddIntegrationLayer().UseSqliteAnalytics(path), Throws.ArgumentException.With.Message.Contains(path).And.Message.Contains("data/usage.db"));

    [TestCase("Host=db;Pasword=secret", "can't be read")]
    [TestCase("Host=db;Port=secret", "can't be read")]
    [TestCase("Database=usage;Password=secret", "names no host")]
    public void Connection_string_that_makes_no_sense_is_refused_without_its_password(string text, string expected) => Assert.That(
        () => new ServiceCollection().AddIntegrationLayer().UsePostgresAnalytics(text),
        Throws.ArgumentException.With.Message.Contains(expected).And.Message.Contains("Host=db;Database=usage").And.Message.Not.Contains("secret"));

    private static UsageQuery Today() => new() { From = DateTimeOffset.UtcNow.AddDays(-1), To = DateTimeOffset.UtcNow.AddDays(1) };

    private static async Task<long> AskAsync(IServiceProvider services)
    {
        await services.GetRequiredService<ILlmClient>().GetResponseAsync("Hello");
        await services.GetRequiredService<IUsageStoreMonitor>().FlushAsync();
        UsageReport report = await services.GetRequiredService<IUsageAnalytics>().QueryAsync(Today());
        Assert.That(report.Total.CostUsd, Is.GreaterThan(0));
        return report.Total.Requests;
    }

    private static IHost Build(Action<IIntegrationLayerBuilder> use)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        Add(builder.Services, use);
        return builder.Build();
    }

    private static void Add(IServiceCollection services, Action<IIntegrationLayerBuilder> use)
    {
        FakePortkey fake = new();
        fake.OnChat().Reply("Hello to you");
        use(services.AddIntegrationLayer(options =>
        {
            options.Accounts["openai"] = new AccountOptions { Provider = "openai", ApiKey = "sk-test" };
            options.Accounts["openai"].Models.Add("gpt-4o-mini");
        }).UseFakePortkey(fake));
    }
}
