// An endpoint that sends an answer to a browser as the model writes it, as server-sent events, and the receipt at the end.
//   dotnet run --project samples/02-StreamingEndpoint
//   curl -N 'http://localhost:5000/answer?question=What+is+a+gateway'
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using IntegrationLayer.Sdk;
using IntegrationLayer.Sdk.Testing;

FakePortkey script = new(TimeProvider.System);
script.OnChat().ReplyStream(TimeSpan.FromMilliseconds(50), "A gateway ", "is one door ", "to many models.");
await using SampleGateway gateway = await SampleGateway.StartAsync(script);

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddIntegrationLayer(gateway.Configure);
WebApplication app = builder.Build();

// The token is the request's: when the browser goes away, the call to the model is cancelled.
app.MapGet("/answer", (string question, ILlmClient client, CancellationToken cancellationToken) =>
    TypedResults.ServerSentEvents(AnswerAsync(client, question, cancellationToken)));

await app.RunAsync();

static async IAsyncEnumerable<SseItem<string>> AnswerAsync(
    ILlmClient client, string question, [EnumeratorCancellation] CancellationToken cancellationToken)
{
    await foreach (LlmResponseUpdate update in client.GetStreamingResponseAsync(question, cancellationToken))
    {
        if (update.Text.Length > 0)
        {
            yield return new SseItem<string>(update.Text, "text");
        }

        if (update.Receipt is { } receipt)
        {
            yield return new SseItem<string>($"{receipt.Deployment} {receipt.Cost}", "receipt");
        }
    }
}
