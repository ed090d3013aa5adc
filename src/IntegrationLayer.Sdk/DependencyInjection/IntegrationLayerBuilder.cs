namespace Microsoft.Extensions.DependencyInjection;

internal sealed class IntegrationLayerBuilder(IServiceCollection services) : IIntegrationLayerBuilder
{
    public IServiceCollection Services { get; } = services;
}
