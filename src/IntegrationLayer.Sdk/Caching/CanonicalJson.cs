using System.Text.Json;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>Writes JSON so that equal values look alike, in whatever order their members stand and however their numbers are spelt.</summary>
internal static class CanonicalJson
{
    // Dividing by it takes the trailing zeros off.
    private const decimal Unscaled = 1.0000000000000000000000000000m;

    /// <summary>Adds what a value comes to as JSON, by its contract in Microsoft.Extensions.AI.</summary>
    /// <exception cref="NotSupportedException">Its type has no contract.</exception>
    /// <exception cref="JsonException">It is nested too deeply.</exception>
    public static void Add(FieldWriter input, object? value) => Add(input, value, value?.GetType());

    /// <summary>Adds what a value comes to as JSON, by the contract of a type that it has.</summary>
    public static void Add(FieldWriter input, object? value, Type? type)
    {
        if (value is null or string)
        {
            input.Add((byte)(value is null ? JsonValueKind.Null : JsonValueKind.String));
            input.Add(value as string);
            return;
        }

        using var json = JsonBuffer.Rent();
        JsonSerializer.Serialize(json.Writer, value, Microsoft.Extensions.AI.AIJsonUtilities.DefaultOptions.GetTypeInfo(type!));
        json.Writer.Flush();
        var reader = new Utf8JsonReader(json.Written);
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        Add(input, document.RootElement);
    }

    /// <summary>Adds named values, in the order of their names.</summary>
    public static void Add(FieldWriter input, IReadOnlyCollection<KeyValuePair<string, object?>>? values)
    {
        input.Add(values?.Count ?? 0);
        if (values is { Count: > 0 })
        {
            foreach ((string name, object? value) in values.OrderBy(v => v.Key, StringComparer.Ordinal))
            {
                input.Add(name);
                Add(input, value);
            }
        }
    }

    /// <summary>Adds JSON.</summary>
    public static void Add(FieldWriter input, JsonElement value)
    {
        input.Add((byte)value.ValueKind);
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                JsonProperty[] members = [.. value.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal)];
                input.Add(members.Length);
                foreach (JsonProperty member in members)
                {
                    input.Add(member.Name);
                    Add(input, member.Value);
                }

                break;
            case JsonValueKind.Array:
                input.Add(value.GetArrayLength());
                foreach (JsonElement item in value.EnumerateArray())
                {
                    Add(input, item);
                }

                break;
            case JsonValueKind.String:
                input.Add(value.GetString());
                break;
            case JsonValueKind.Number when value.TryGetDecimal(out decimal number):
                input.Add(number / Unscaled);
                break;
            case JsonValueKind.Number:
                input.Add(value.GetRawText());
                break;
        }
    }
}
