using System.Globalization;
using System.Net.Http.Headers;
using IntegrationLayer.Sdk.Execution;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Reads what the gateway says of an answer in its headers.</summary>
internal static class AnswerInfo
{
    private const int GuardrailFlagged = 246;

    public static GatewayInfo Of(HttpResponseMessage response, CallFacts facts, TimeProvider time)
    {
        int status = (int)response.StatusCode;
        return new GatewayInfo(status, Get(response, PortkeyHeaders.Provider), Get(response, PortkeyHeaders.TraceId), status == GuardrailFlagged, RateLimitReader.Read(response.Headers, time))
        {
            Detail = facts.Envelope.IsDetailed ? DetailOf(response) : null,
            Repairs = facts.Repairs,
        };
    }

    private static GatewayDetail DetailOf(HttpResponseMessage response) => new()
    {
        RequestBytes = response.RequestMessage?.Content?.Headers.ContentLength,
        CacheStatus = Get(response, PortkeyHeaders.CacheStatus)?.ToLowerInvariant(),
        Attempts = 1 + (int)(Count(response, PortkeyHeaders.RetryAttempts) ?? 0),
    };

    private static long? Count(HttpResponseMessage response, string name) =>
        long.TryParse(Get(response, name), NumberStyles.None, CultureInfo.InvariantCulture, out long count) && count <= int.MaxValue ? count : null;

    private static string? Get(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values) && values.ToString() is { Length: > 0 and <= 256 } text ? text : null;
}
