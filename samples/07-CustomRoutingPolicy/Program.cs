// A routing policy of your own: contracts go to the dearest model, everything else to the cheapest.
//   dotnet run --project samples/07-CustomRoutingPolicy
using IntegrationLayer.Sdk;
using IntegrationLayer.Sdk.Testing;
using Microsoft.Extensions.DependencyInjection;
using Sample07.CustomRoutingPolicy;

FakePortkey script = new();
script.OnChat().Reply("Done.");
await using SampleGateway gateway = await SampleGateway.StartAsync(script);

var services = new ServiceCollection();
services.AddIntegrationLayer(options =>
{
    gateway.Configure(options);
    options.RoutingPolicy = ImportantWorkPolicy.PolicyName;
}).AddRoutingPolicy<ImportantWorkPolicy>();

await using ServiceProvider provider = services.BuildServiceProvider();
ILlmClient client = provider.GetRequiredService<ILlmClient>();
foreach (string operation in (string[])["chat", "review-contract"])
{
    LlmResponse response = await client.GetResponseAsync(new LlmRequest("Read this.") { Context = new() { Operation = operation } });
    Console.WriteLine($"{operation}: {response.Receipt.Deployment} ({response.Receipt.Cost}), by policy {response.Receipt.Routing!.Policy}");
}
