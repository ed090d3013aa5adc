using Microsoft.Extensions.Hosting;

namespace IntegrationLayer.Sdk.Configuration;

/// <summary>Reads the configuration before the application serves anything, so that a mistake stops the start and not the first request.</summary>
internal sealed class StartupCheck(ConfigurationSource configuration) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _ = configuration.Current;
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
