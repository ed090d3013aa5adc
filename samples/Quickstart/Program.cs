// The whole SDK in ten seconds, with neither key nor network: dotnet run --project samples/Quickstart
// Against a real gateway: set PORTKEY_API_KEY and PORTKEY_PROVIDERS, or PORTKEY_GATEWAY_URL and OPENAI_API_KEY (see ../Shared).
using IntegrationLayer.Sdk;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Quickstart;

try
{
    await using SampleGateway gateway = await SampleGateway.StartAsync(Script.Create());
    Screen.Say($"Calls go to {gateway.Name}.");

    var services = new ServiceCollection();
    services.AddIntegrationLayer(options =>
    {
        gateway.Configure(options);
        Qualities.Set(options);
    });
    await using ServiceProvider provider = services.BuildServiceProvider();
    ILlmClient client = provider.GetRequiredService<ILlmClient>();

    await RoutingStep.RunAsync(client);
    await PolicyStep.RunAsync(client);
    await StreamingStep.RunAsync(client);
    await ReceiptStep.RunAsync(client);
    await FailoverStep.RunAsync(gateway);
    return 0;
}
catch (Exception e) when (e is IntegrationLayerException or OptionsValidationException or InvalidOperationException or FormatException)
{
    Screen.Say(e.Message);
    return 1;
}
