// Your own Portkey gateway in front of a provider with a key and of a model on your own machine.
//   dotnet run --project samples/06-SelfHostedGateway
// With a real one: npx @portkey-ai/gateway, then PORTKEY_GATEWAY_URL=http://localhost:8787/v1/ OPENAI_API_KEY=… and a server at localhost:11434.
using IntegrationLayer.Sdk;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Testing;
using Microsoft.Extensions.DependencyInjection;

FakePortkey script = new();
script.OnChat().Reply(request =>
    $"The gateway was told: provider {request.Provider}, host {request.CustomHost ?? "of the provider"}.");
await using FakePortkeyServer server = await script.StartServerAsync();

var services = new ServiceCollection();
services.AddIntegrationLayer(options =>
{
    string? url = Environment.GetEnvironmentVariable("PORTKEY_GATEWAY_URL");
    options.Portkey.Endpoint = url is null ? server.BaseAddress : new Uri(url);

    // The gateway stores no keys: each call carries its provider's.
    options.Accounts["openai"] = new AccountOptions
    {
        Provider = "openai",
        ApiKey = Environment.GetEnvironmentVariable("OPENAI_API_KEY") ?? "sk-sample",
        Models = { "gpt-4o-mini" },
    };

    // Any server that speaks OpenAI's protocol; the catalogue has no price for your own hardware, so say what it costs.
    options.Accounts["local"] = new AccountOptions { Provider = "openai", CustomHost = new Uri("http://localhost:11434/v1"), ApiKey = "any text" };
    options.Deployments.Add(new DeploymentOptions
    {
        Account = "local", Model = "llama3.2", Kind = ModelKind.Chat, InputPrice = 0, OutputPrice = 0, ContextTokens = 128_000,
    });
});

await using ServiceProvider provider = services.BuildServiceProvider();
ILlmClient client = provider.GetRequiredService<ILlmClient>();
foreach (string deployment in (string[])["openai/gpt-4o-mini", "local/llama3.2"])
{
    LlmResponse response = await client.GetResponseAsync(new LlmRequest("Who are you?") { Options = new() { ModelId = deployment } });
    Console.WriteLine($"{deployment} ({response.Receipt.Cost}): {response.Text}");
}
