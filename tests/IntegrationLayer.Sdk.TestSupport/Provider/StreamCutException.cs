namespace IntegrationLayer.Sdk.TestSupport.Provider;

/// <summary>Makes Kestrel close the connection inside a response body, as a dying provider does.</summary>
internal sealed class StreamCutException : Exception;
