namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Names that the connection to Portkey is registered under.</summary>
public static class PortkeyDefaults
{
    /// <summary>The name of the <see cref="HttpClient"/> that calls the gateway, for those who want to add a handler to it.</summary>
    public const string HttpClientName = "IntegrationLayer.Portkey";
}
