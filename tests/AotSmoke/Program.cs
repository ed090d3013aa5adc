using AotSmoke;
using IntegrationLayer.Sdk;
using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// What an application compiled ahead of time does with the SDK. Exit code 0: all of it works. An exception ends it with another.
await using WireStub gateway = WireStub.Start();
HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
{
    ["IntegrationLayer:Portkey:Endpoint"] = gateway.Endpoint.AbsoluteUri,
    ["IntegrationLayer:Timeout"] = "00:00:30",
    ["IntegrationLayer:Accounts:openai:Provider"] = "openai",
    ["IntegrationLayer:Accounts:openai:ApiKey"] = "sk-smoke",
    ["IntegrationLayer:Accounts:openai:Models:0"] = "gpt-4o-mini",
    ["IntegrationLayer:Deployments:0:Account"] = "openai",
    ["IntegrationLayer:Deployments:0:Model"] = "house-model",
    ["IntegrationLayer:Deployments:0:InputPrice"] = "1000",
    ["IntegrationLayer:Deployments:0:OutputPrice"] = "2000",
    ["IntegrationLayer:Deployments:0:Capabilities"] = "JsonSchema, Tools",
});
builder.Services.AddIntegrationLayer(builder.Configuration);
using IHost host = builder.Build();
await host.StartAsync();
ILlmClient client = host.Services.GetRequiredService<ILlmClient>();

LlmResponse whole = await client.GetResponseAsync("Say hello");
Check("chat", whole.Text, "Hello there");
Check("cheapest deployment", whole.Receipt.Deployment, "openai/gpt-4o-mini");
Check("price of the catalogue", whole.Receipt.Cost.IsExact, true);

string streamed = "";
LlmReceipt? receipt = null;
await foreach (LlmResponseUpdate update in client.GetStreamingResponseAsync("Say hello"))
{
    streamed += update.Text;
    receipt = update.Receipt ?? receipt;
}

Check("stream", streamed, "Hello there");
Check("usage of the stream", receipt?.Tokens.TotalInput, 11);

LlmRequest question = new("Where is the Eiffel Tower?") { Options = new ChatOptions { ModelId = "house-model" } };
LlmResponse<City> typed = await client.GetResponseAsync<City>(question, SmokeJsonContext.Default.Options);
Check("typed result", typed.Value, new City("Paris", 2_100_000));
Check("price of the configuration", typed.Receipt.Cost.Usd, 0.015m);

IEmbeddingGenerator<string, Embedding<float>> generator = host.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
Check("embeddings", generator.GetService(typeof(EmbeddingGeneratorMetadata)) is not null, true);
Check("catalogue", ModelCatalogue.Embedded.Find("openai", "gpt-4o-mini")?.Prices.IsKnown, true);
await host.StopAsync();
Console.WriteLine("All checks passed.");
return 0;

static void Check<T>(string what, T actual, T expected)
{
    if (!EqualityComparer<T>.Default.Equals(actual, expected))
    {
        throw new InvalidOperationException($"{what}: '{actual}' instead of '{expected}'.");
    }

    Console.WriteLine($"{what}: ok");
}
