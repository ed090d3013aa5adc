using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Systematic.Tests;

/// <summary>Registers the SDK before a model of the test's own, on a clock that stands still.</summary>
internal static class Sdk
{
    /// <summary>The SDK with a cache and one deployment, called once a request.</summary>
    public static ServiceProvider Create(YieldingClient model) => Create(
        model,
        static options =>
        {
            options.MaxAttempts = 1;
            options.Accounts["lab"] = new AccountOptions { Provider = "lab" };
            options.Deployments.Add(new DeploymentOptions { Account = "lab", Model = "small", InputPrice = 1, OutputPrice = 1 });
        },
        static builder => builder.UseExactMatchCache());

    /// <summary>The SDK as the test configures it.</summary>
    public static ServiceProvider Create(YieldingClient model, Action<IntegrationLayerOptions> configure, Action<IIntegrationLayerBuilder>? build = null)
    {
        ServiceCollection services = new();
        services.AddSingleton<TimeProvider>(new FakeTimeProvider());
        IIntegrationLayerBuilder builder = services.AddIntegrationLayer(configure).UseGateway(_ => model);
        build?.Invoke(builder);
        return services.BuildServiceProvider();
    }
}
