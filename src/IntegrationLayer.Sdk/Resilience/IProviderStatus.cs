namespace IntegrationLayer.Sdk.Resilience;

/// <summary>Tells how the providers are doing, as this process sees them: for a status page, a health check, an alert.</summary>
/// <remarks>Read off the calls that were made; asking makes none.</remarks>
public interface IProviderStatus
{
    /// <summary>Looks at everything in the configuration in force.</summary>
    /// <returns>The deployments in the order of the configuration, then the accounts, then the gateway's endpoints.</returns>
    IReadOnlyList<HealthStatus> GetStatus();
}
