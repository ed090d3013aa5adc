using Microsoft.Extensions.Hosting;

namespace IntegrationLayer.Sdk.Analytics;

/// <summary>Checks the database before the application serves anything, and stores what is left after it has stopped.</summary>
internal sealed class UsageStoreService(DurableUsageStore store) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => store.CheckAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => store.StopAsync(cancellationToken);
}
