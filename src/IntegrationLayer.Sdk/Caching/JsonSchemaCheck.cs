using System.Text.Json;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>
/// Checks JSON against the part of JSON Schema that providers take for structured answers and tools: types, properties, required and further
/// ones, items, enumerations, constants, alternatives and references within the document. Other keywords are passed over.
/// </summary>
/// <param name="root">The schema.</param>
internal readonly struct JsonSchemaCheck(JsonElement root)
{
    // Deeper than any answer is nested; a schema may refer to itself without end.
    private const int Deepest = 64;

    /// <summary>Says whether a value is as the schema says.</summary>
    public bool Accepts(JsonElement value) => Accepts(root, value, depth: 0);

    private bool Accepts(JsonElement schema, JsonElement value, int depth)
    {
        if (schema.ValueKind is not JsonValueKind.Object)
        {
            return schema.ValueKind is not JsonValueKind.False;
        }

        if (depth > Deepest)
        {
            return false;
        }

        foreach (JsonProperty rule in schema.EnumerateObject())
        {
            bool isMet = rule.Name switch
            {
                "$ref" => Resolve(rule.Value) is { } target && Accepts(target, value, depth + 1),
                "type" => HasType(rule.Value, value),
                "enum" => rule.Value.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)),
                "const" => JsonElement.DeepEquals(rule.Value, value),
                "anyOf" or "oneOf" => Any(rule.Value, value, depth),
                "allOf" => All(rule.Value, value, depth),
                "required" => value.ValueKind is not JsonValueKind.Object || rule.Value.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)),
                "properties" => HasProperties(rule.Value, value, depth),
                "additionalProperties" => HasFurther(schema, rule.Value, value, depth),
                "items" => value.ValueKind is not JsonValueKind.Array || HasItems(rule.Value, value, depth),
                _ => true,
            };
            if (!isMet)
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasType(JsonElement type, JsonElement value) =>
        type.ValueKind is JsonValueKind.Array ? type.EnumerateArray().Any(one => Is(one.GetString(), value)) : Is(type.GetString(), value);

    private static bool Is(string? type, JsonElement value) => type switch
    {
        "object" => value.ValueKind is JsonValueKind.Object,
        "array" => value.ValueKind is JsonValueKind.Array,
        "string" => value.ValueKind is JsonValueKind.String,
        "number" => value.ValueKind is JsonValueKind.Number,
        "integer" => value.ValueKind is JsonValueKind.Number && value.TryGetDecimal(out decimal number) && decimal.Truncate(number) == number,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind is JsonValueKind.Null,
        _ => true,
    };

    private bool Any(JsonElement schemas, JsonElement value, int depth)
    {
        foreach (JsonElement schema in schemas.EnumerateArray())
        {
            if (Accepts(schema, value, depth + 1))
            {
                return true;
            }
        }

        return false;
    }

    private bool All(JsonElement schemas, JsonElement value, int depth)
    {
        foreach (JsonElement schema in schemas.EnumerateArray())
        {
            if (!Accepts(schema, value, depth + 1))
            {
                return false;
            }
        }

        return true;
    }

    private bool HasProperties(JsonElement properties, JsonElement value, int depth)
    {
        if (value.ValueKind is JsonValueKind.Object)
        {
            foreach (JsonProperty property in properties.EnumerateObject())
            {
                if (value.TryGetProperty(property.Name, out JsonElement member) && !Accepts(property.Value, member, depth + 1))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private bool HasFurther(JsonElement schema, JsonElement rule, JsonElement value, int depth)
    {
        if (value.ValueKind is JsonValueKind.Object)
        {
            bool hasProperties = schema.TryGetProperty("properties", out JsonElement properties);
            foreach (JsonProperty member in value.EnumerateObject())
            {
                bool isFurther = !hasProperties || !properties.TryGetProperty(member.Name, out _);
                if (isFurther && !Accepts(rule, member.Value, depth + 1))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private bool HasItems(JsonElement schema, JsonElement value, int depth)
    {
        foreach (JsonElement item in value.EnumerateArray())
        {
            if (!Accepts(schema, item, depth + 1))
            {
                return false;
            }
        }

        return true;
    }

    // A place in this document, such as #/$defs/address.
    private JsonElement? Resolve(JsonElement reference)
    {
        if (reference.GetString() is not ['#', .. var path])
        {
            return null;
        }

        JsonElement found = root;
        foreach (string step in path.Split('/').Skip(1))
        {
            string name = Uri.UnescapeDataString(step).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            bool exists = found.ValueKind switch
            {
                JsonValueKind.Object => found.TryGetProperty(name, out found),
                JsonValueKind.Array when int.TryParse(name, out int index) && index >= 0 && index < found.GetArrayLength() => (found = found[index]).ValueKind is not JsonValueKind.Undefined,
                _ => false,
            };
            if (!exists)
            {
                return null;
            }
        }

        return found;
    }
}
