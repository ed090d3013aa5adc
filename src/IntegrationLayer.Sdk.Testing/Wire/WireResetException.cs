namespace IntegrationLayer.Sdk.Testing.Wire;

/// <summary>The script says: abort the connection here. Caught by both fronts, never seen by users.</summary>
internal sealed class WireResetException() : Exception("The script resets the connection here.");
