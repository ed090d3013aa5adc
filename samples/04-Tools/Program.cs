// A function that the model may call. The loop is Microsoft.Extensions.AI's; every turn of it is routed, priced and observed by the SDK.
//   dotnet run --project samples/04-Tools
using System.ComponentModel;
using IntegrationLayer.Sdk;
using IntegrationLayer.Sdk.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

FakePortkey script = new();
script.OnChat().ReplyToolCall("get_temperature", """{"city":"Oslo"}""").Then.Reply("It is 7 degrees in Oslo: take a coat.");
await using SampleGateway gateway = await SampleGateway.StartAsync(script);

await using ServiceProvider services = new ServiceCollection().AddIntegrationLayer(gateway.Configure).Services.BuildServiceProvider();
var spent = new List<LlmReceipt>();
using IChatClient chat = services.GetRequiredService<ILlmClient>().AsChatClient()
    .AsBuilder()
    .UseFunctionInvocation()
    .Use(getResponseFunc: async (messages, options, inner, cancellationToken) =>
    {
        // Inside the loop, so it sees each turn's receipt.
        ChatResponse turn = await inner.GetResponseAsync(messages, options, cancellationToken);
        spent.Add(turn.GetReceipt()!);
        return turn;
    }, getStreamingResponseFunc: null)
    .Build();

ChatResponse response = await chat.GetResponseAsync(
    "Do I need a coat in Oslo?",
    new ChatOptions { Tools = [AIFunctionFactory.Create(GetTemperature, "get_temperature")] });

Console.WriteLine(response.Text);
Console.WriteLine(FormattableString.Invariant($"{spent.Count} calls, {spent.Sum(receipt => receipt.Cost.Usd)} USD"));

[Description("Gets the temperature in a city, in degrees Celsius.")]
static int GetTemperature([Description("The city's name.")] string city)
{
    Console.WriteLine($"The model asks for the temperature in {city}.");
    return 7;
}
