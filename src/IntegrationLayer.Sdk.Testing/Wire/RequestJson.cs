using System.Text.Json;

namespace IntegrationLayer.Sdk.Testing.Wire;

/// <summary>Reads what a request body holds without ever throwing: odd bodies are what some tests are about.</summary>
internal static class RequestJson
{
    /// <summary>The body as JSON, or the undefined element.</summary>
    public static JsonElement Parse(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            return default;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }

    /// <summary>A property of an object, or the undefined element.</summary>
    public static JsonElement Property(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) ? value : default;

    /// <summary>A string property, or null.</summary>
    public static string? Text(JsonElement element, string name)
    {
        JsonElement value = Property(element, name);
        return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    /// <summary>True when the property is the literal <c>true</c>.</summary>
    public static bool Flag(JsonElement element, string name) => Property(element, name).ValueKind == JsonValueKind.True;

    /// <summary>The items of an array; none for anything else.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [];

    /// <summary>The text of one message: a string, or its text parts joined.</summary>
    public static string MessageText(JsonElement message)
    {
        JsonElement content = Property(message, "content");
        return content.ValueKind == JsonValueKind.String
            ? content.GetString()!
            : string.Concat(Items(content).Select(part => Text(part, "text")));
    }

    /// <summary>The text of the last message of the user; empty when there is none.</summary>
    public static string LastUserText(JsonElement body)
    {
        JsonElement last = Items(Property(body, "messages")).LastOrDefault(message => Text(message, "role") == "user");
        return MessageText(last);
    }

    /// <summary>The provider that a config's JSON names: its own, else that of its first target.</summary>
    public static string? ProviderOfConfig(string? config)
    {
        if (config is null)
        {
            return null;
        }

        JsonElement root = Parse(System.Text.Encoding.UTF8.GetBytes(config));
        return Text(root, "provider") ?? Text(Items(Property(root, "targets")).FirstOrDefault(), "provider");
    }

    /// <summary>The texts to embed: <c>input</c> is a string or a list of them; a list of token numbers counts as one text.</summary>
    public static IReadOnlyList<string> Inputs(JsonElement body)
    {
        JsonElement input = Property(body, "input");
        if (input.ValueKind == JsonValueKind.String)
        {
            return [input.GetString()!];
        }

        List<JsonElement> items = [.. Items(input)];
        return items.Count > 0 && items[0].ValueKind == JsonValueKind.Number
            ? [input.GetRawText()]
            : [.. items.Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetRawText())];
    }
}
