namespace IntegrationLayer.Sdk.TestSupport.Provider;

/// <summary>Closes the connection before any response header.</summary>
public sealed record ResetBehavior : ProviderBehavior;
