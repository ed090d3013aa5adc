// A day of three tenants, one of whom runs into its budget; then the report: who spent what on which model, what was saved, and what the month will cost.
//   dotnet run --project samples/UsageReport
using IntegrationLayer.Sdk;
using IntegrationLayer.Sdk.Analytics;
using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Testing;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Extensions.DependencyInjection;
using UsageReportSample;

DirectoryInfo folder = Directory.CreateTempSubdirectory("usage-report-");
try
{
    FakePortkey script = new();
    script.OnChat().Reply(FakePortkeyReply.Text("A summary.").WithUsage(new FakePortkeyUsage(inputTokens: 6_000, outputTokens: 800)));
    await using SampleGateway gateway = await SampleGateway.StartAsync(script);
    await using ServiceProvider services = new ServiceCollection()
        .AddIntegrationLayer(options =>
        {
            gateway.Configure(options);
            options.Budgets.Limits.Add(new BudgetLimitOptions { Scope = "tenant:acme", Amount = 0.02m, Per = BudgetWindowKind.Day });
        })
        .UseExactMatchCache()
        .UseSqliteAnalytics(Path.Combine(folder.FullName, "usage.db"))
        .Services.BuildServiceProvider();

    // What was spent on the days before is made up; without it there would be nothing to forecast from.
    var today = new DateTimeOffset(DateTime.UtcNow.Date, TimeSpan.Zero);
    Past.Write(services.GetRequiredService<IUsageStore>(), today);

    Console.WriteLine($"Three tenants ask {gateway.Name}.");
    Console.WriteLine(await Tenants.AskAsync(services.GetRequiredService<ILlmClient>()));

    // A record is in the answers within a second; a sample doesn't want to wait for it.
    await services.GetRequiredService<IUsageStoreMonitor>().FlushAsync();
    var screen = new Screen(services.GetRequiredService<IUsageAnalytics>(), today);
    await screen.ShowTodayAsync();
    await screen.ShowDaysAsync();
    await screen.ShowForecastAsync();
}
finally
{
    folder.Delete(recursive: true);
}
