using System.Text.Json;

namespace IntegrationLayer.Sdk.Testing.Wire;

/// <summary>The bodies the gateway reports errors with.</summary>
internal static class ErrorJson
{
    /// <summary>The member <c>error</c> in OpenAI's shape.</summary>
    public static void WriteError(Utf8JsonWriter json, string message, string? type, string? param, string? code)
    {
        json.WriteStartObject("error");
        json.WriteString("message", message);
        json.WriteTextOrNull("type", type);
        json.WriteTextOrNull("param", param);
        json.WriteTextOrNull("code", code);
        json.WriteEndObject();
    }

    /// <summary>An upstream's own error, not touched by the gateway.</summary>
    public static ReadOnlyMemory<byte> Upstream(string message, string? type, string? param, string? code) =>
        JsonBytes.Object(json => WriteError(json, message, type, param, code));

    /// <summary>A provider's error on a unified route: the message gets the provider's name in front.</summary>
    public static ReadOnlyMemory<byte> Provider(string provider, string message, string? type, string? param, string? code) =>
        JsonBytes.Object(json =>
        {
            WriteError(json, $"{provider} error: {message}", type, param, code);
            json.WriteString("provider", provider);
        });

    /// <summary>The gateway's own refusal.</summary>
    public static ReadOnlyMemory<byte> Failure(string message, params IReadOnlyCollection<string> errors) => JsonBytes.Object(json =>
    {
        json.WriteString("status", "failure");
        json.WriteString("message", message);
        if (errors.Count > 0)
        {
            json.WriteStartArray("errors");
            foreach (string error in errors)
            {
                json.WriteStringValue(error);
            }

            json.WriteEndArray();
        }
    });

    /// <summary>What the gateway makes of a network failure, or of an upstream that answers text or HTML.</summary>
    public static ReadOnlyMemory<byte> HtmlMessage(string message) => JsonBytes.Object(json => json.WriteString("html-message", message));

    /// <summary>The answer when a guardrail denies the request.</summary>
    public static ReadOnlyMemory<byte> Guardrail(string message, string id) => JsonBytes.Object(json =>
    {
        WriteError(json, message, "hooks_failed", param: null, code: null);
        HookJson.Write(json, before: true, deny: true, id);
    });
}
