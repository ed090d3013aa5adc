using System.Text.Json;

namespace IntegrationLayer.Sdk.Testing.Wire;

/// <summary>A tool call as a stream brings it: first id and name, then the arguments in two pieces.</summary>
internal static class ToolCallDeltas
{
    /// <summary>The three deltas of one call.</summary>
    public static IEnumerable<Action<Utf8JsonWriter>> Of(int index, string id, ScriptedToolCall call)
    {
        int middle = call.Arguments.Length / 2;
        if (middle > 0 && char.IsHighSurrogate(call.Arguments[middle - 1]))
        {
            middle--;
        }

        yield return json => WriteDelta(json, index, id, call.Name, string.Empty);
        yield return json => WriteDelta(json, index, null, null, call.Arguments[..middle]);
        yield return json => WriteDelta(json, index, null, null, call.Arguments[middle..]);
    }

    private static void WriteDelta(Utf8JsonWriter json, int index, string? id, string? name, string arguments)
    {
        json.WriteStartArray("tool_calls");
        ChatJson.WriteToolCall(json, index, id, name, arguments);
        json.WriteEndArray();
    }
}
