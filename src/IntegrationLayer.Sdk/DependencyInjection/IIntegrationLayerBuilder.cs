namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Continues the registration that <c>AddIntegrationLayer</c> began.</summary>
public interface IIntegrationLayerBuilder
{
    /// <summary>Gets the services being registered.</summary>
    IServiceCollection Services { get; }
}
