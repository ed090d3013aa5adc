// A dashboard in the terminal: requests, cost, savings, hits and the providers' health, as they change.
//   dotnet run --project samples/Dashboard                  until Ctrl+C
//   SVG=docs/dashboard.svg dotnet run --project samples/Dashboard     watches for a few seconds and writes a picture instead
using Dashboard;
using IntegrationLayer.Sdk;
using IntegrationLayer.Sdk.Events;
using IntegrationLayer.Sdk.Resilience;
using IntegrationLayer.Sdk.Testing;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

await using SampleGateway gateway = await SampleGateway.StartAsync(Guests.Script());
await using ServiceProvider services = new ServiceCollection()
    .AddIntegrationLayer(options =>
    {
        gateway.Configure(options);
        options.Resilience.Health.ConsecutiveFailures = 3;
        options.Resilience.Retries.BaseDelay = TimeSpan.FromMilliseconds(20);
    })
    .UseExactMatchCache()
    .Services.BuildServiceProvider();

using var ending = new CancellationTokenSource();
using PosixSignalRegistration interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using PosixSignalRegistration terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    ending.Cancel();
}

// Everything on the screen comes from events: what the SDK tells anybody who listens.
var board = new Board(gateway.Name, services.GetRequiredService<IProviderStatus>());
IAsyncEnumerable<IntegrationEvent> events = services.GetRequiredService<IIntegrationEvents>().SubscribeAsync(cancellationToken: ending.Token);
Task listening = board.ListenAsync(events);
Task asking = Guests.AskAsync(services.GetRequiredService<ILlmClient>(), ending.Token);

if (Environment.GetEnvironmentVariable("SVG") is { Length: > 0 } path)
{
    await board.WaitForAsync(requests: 200);
    await File.WriteAllTextAsync(path, Picture.Draw(board.Render()));
}
else
{
    using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
    await AnsiConsole.Live(board.Render()).StartAsync(async screen =>
    {
        while (!ending.IsCancellationRequested)
        {
            screen.UpdateTarget(board.Render());
            await ((Task)timer.WaitForNextTickAsync(ending.Token).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    });
}

await ending.CancelAsync();
await Task.WhenAll(listening, asking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
