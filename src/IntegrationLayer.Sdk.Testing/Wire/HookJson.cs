using System.Text.Json;

namespace IntegrationLayer.Sdk.Testing.Wire;

/// <summary>The <c>hook_results</c> member that the gateway adds when guardrails ran.</summary>
internal static class HookJson
{
    /// <summary>Writes the member with one failed check, before the request or after it.</summary>
    public static void Write(Utf8JsonWriter json, bool before, bool deny, string id)
    {
        json.WriteStartObject("hook_results");
        WriteHooks(json, "before_request_hooks", failed: before, deny, id);
        WriteHooks(json, "after_request_hooks", failed: !before, deny, id);
        json.WriteEndObject();
    }

    private static void WriteHooks(Utf8JsonWriter json, string name, bool failed, bool deny, string id)
    {
        json.WriteStartArray(name);
        if (failed)
        {
            json.WriteStartObject();
            json.WriteBoolean("verdict", false);
            json.WriteString("id", id);
            json.WriteBoolean("transformed", false);
            json.WriteStartArray("checks");
            json.WriteStartObject();
            json.WriteBoolean("verdict", false);
            json.WriteString("id", "default.contains");
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteString("type", "guardrail");
            json.WriteBoolean("deny", deny);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
