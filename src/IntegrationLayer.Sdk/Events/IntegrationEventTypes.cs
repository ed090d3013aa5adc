namespace IntegrationLayer.Sdk.Events;

/// <summary>The types of events.</summary>
public static class IntegrationEventTypes
{
    /// <summary>Gets the type of requests that finished, however they ended.</summary>
    public static string RequestFinished => "integrationlayer.request.finished";

    /// <summary>Gets the type of requests that another deployment answered, or was asked to, because one failed.</summary>
    public static string Failover => "integrationlayer.request.failover";

    /// <summary>Gets the type of answers that came from another model than was asked for, at that model's price.</summary>
    public static string ModelMismatch => "integrationlayer.request.model_mismatch";

    /// <summary>Gets the type of changes of health: of deployments, accounts and gateways.</summary>
    public static string HealthChanged => "integrationlayer.health.changed";

    /// <summary>Gets the type of budgets that reached one of their thresholds, and of other events of budgets.</summary>
    public static string Budget => "integrationlayer.budget.event";

    /// <summary>Gets the type of answers that were made invalid.</summary>
    public static string CacheInvalidated => "integrationlayer.cache.invalidated";

    /// <summary>Gets the type of credentials that a changed configuration replaced.</summary>
    public static string CredentialRotated => "integrationlayer.credential.rotated";

    /// <summary>Gets the type of changes of the configuration, taken over or rejected.</summary>
    public static string ConfigurationChanged => "integrationlayer.configuration.changed";
}
