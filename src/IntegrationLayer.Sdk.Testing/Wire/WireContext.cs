namespace IntegrationLayer.Sdk.Testing.Wire;

/// <summary>What an answer may depend on.</summary>
/// <param name="Request">The request being answered.</param>
/// <param name="Number">1 for the first answer of this fake, then 2, 3, …: makes ids unique and repeatable.</param>
/// <param name="Created">The answer's <c>created</c> in Unix seconds.</param>
internal sealed record WireContext(FakePortkeyRequest Request, long Number, long Created)
{
    /// <summary>The provider slug, <c>openai</c> when the request names none.</summary>
    public string Provider => Request.Provider ?? "openai";

    /// <summary>The headers that the gateway adds to every answer that passed its validation.</summary>
    public void AddGatewayHeaders(WireResponse response, bool cacheStatus = true)
    {
        if (cacheStatus)
        {
            response.Headers.Add(new("x-portkey-cache-status", "DISABLED"));
        }

        response.Headers.Add(new("x-portkey-last-used-option-index", "config"));
        response.Headers.Add(new("x-portkey-provider", Provider));
        response.Headers.Add(new("x-portkey-retry-attempt-count", "0"));
        response.Headers.Add(new("x-portkey-trace-id", Request.TraceId ?? string.Empty));
    }
}
