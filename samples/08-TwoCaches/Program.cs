// A help desk is asked the same things again and again: word for word, with slips of the pen, in other words. What do two caches save?
//   dotnet run --project samples/08-TwoCaches
using IntegrationLayer.Sdk;
using Microsoft.Extensions.DependencyInjection;
using Sample08.TwoCaches;

await using SampleGateway gateway = await SampleGateway.StartAsync(HelpDesk.Script());
await using ServiceProvider services = new ServiceCollection()
    .AddIntegrationLayer(gateway.Configure)
    .UseExactMatchCache(o => o.TimeToLive = TimeSpan.FromHours(1))
    .UseSemanticCache(o =>
    {
        // In production a part of the answers is checked against the model; here they are known to be right.
        o.ShadowRate = 0;
        o.MaxFalseHitRate = 0.02;
    })
    .Services.BuildServiceProvider();
ILlmClient client = services.GetRequiredService<ILlmClient>();

var report = new Report();
foreach (string question in HelpDesk.Day(requests: 400))
{
    report.Add(question, await client.GetResponseAsync(new LlmRequest(question)
    {
        Context = new LlmRequestContext { TenantId = "acme", Operation = "help-desk" },
    }));
}

report.Show();
