using IntegrationLayer.Sdk.Costing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IntegrationLayer.Sdk.Configuration;

/// <summary>Reads the configuration and loads the token vocabulary before the application serves anything, so that a mistake stops the start and not the first request.</summary>
/// <remarks>A client that was put in the pipeline's place, such as a fake, needs no configuration.</remarks>
internal sealed class StartupCheck(IServiceProvider services) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (services.GetRequiredService<ILlmClient>() is LlmPipeline)
        {
            _ = services.GetRequiredService<ConfigurationSource>().Current;
            TokenEstimator.Load();
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
