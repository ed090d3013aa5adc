using System.Net.Http.Headers;
using IntegrationLayer.Sdk.Execution;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Reads what the gateway says of an answer in its headers.</summary>
internal static class AnswerInfo
{
    private const int GuardrailFlagged = 246;

    public static GatewayInfo Of(HttpResponseMessage response, TimeProvider time)
    {
        int status = (int)response.StatusCode;
        return new GatewayInfo(status, Get(response, PortkeyHeaders.Provider), Get(response, PortkeyHeaders.TraceId), status == GuardrailFlagged, RateLimitReader.Read(response.Headers, time));
    }

    private static string? Get(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values) && values.ToString() is { Length: > 0 and <= 256 } text ? text : null;
}
