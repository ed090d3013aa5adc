// A web application that answers questions. Its models are in appsettings.json; the handler only knows ILlmClient.
//   dotnet run --project samples/01-DependencyInjection
//   curl -d '{"text":"What is a gateway?"}' -H 'Content-Type: application/json' http://localhost:5000/ask
using IntegrationLayer.Sdk;
using IntegrationLayer.Sdk.Testing;

FakePortkey script = new();
script.OnChat().Reply(request => $"You asked: {request.Prompt}");
await using SampleGateway gateway = await SampleGateway.StartAsync(script);

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddIntegrationLayer(builder.Configuration);
builder.Services.PostConfigure<IntegrationLayerOptions>(gateway.Configure); // Only for the sample: your gateway is in appsettings.json.
WebApplication app = builder.Build();

app.MapPost("/ask", async (Question question, ILlmClient client, CancellationToken cancellationToken) =>
{
    LlmResponse response = await client.GetResponseAsync(question.Text, cancellationToken);
    return new Answer(response.Text, response.Receipt.Deployment, response.Receipt.Cost.Usd);
});

await app.RunAsync();

internal sealed record Question(string Text);

internal sealed record Answer(string Text, string Deployment, decimal CostUsd);
