namespace IntegrationLayer.Sdk.Portkey;

/// <summary>The names of the gateway's headers that the SDK sends or reads.</summary>
internal static class PortkeyHeaders
{
    public const string ApiKey = "x-portkey-api-key";
    public const string Provider = "x-portkey-provider";
    public const string VirtualKey = "x-portkey-virtual-key";
    public const string Config = "x-portkey-config";
    public const string CustomHost = "x-portkey-custom-host";
    public const string TraceId = "x-portkey-trace-id";
    public const string Metadata = "x-portkey-metadata";
    public const string RequestTimeout = "x-portkey-request-timeout";
    public const string ForwardHeaders = "x-portkey-forward-headers";
    public const string StrictCompliance = "x-portkey-strict-open-ai-compliance";
    public const string CacheStatus = "x-portkey-cache-status";
    public const string RetryAttempts = "x-portkey-retry-attempt-count";
    public const string GatewayException = "x-portkey-gateway-exception";
    public const string Authorization = "Authorization";
    public const string AcceptEncoding = "Accept-Encoding";
    public const string TraceParent = "traceparent";
    public const string IdempotencyKey = "Idempotency-Key";
}
