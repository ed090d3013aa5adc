namespace IntegrationLayer.Sdk.Resilience;

/// <summary>Is told when health changes. Called on a request's thread, outside all locks: quick, no I/O; what it throws is swallowed.</summary>
internal interface IHealthObserver
{
    /// <summary>Something became better or worse.</summary>
    void Changed(in HealthChange change);
}
