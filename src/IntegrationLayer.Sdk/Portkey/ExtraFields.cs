using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Writes additional properties as further fields of a body.</summary>
internal static class ExtraFields
{
    /// <summary>Writes the properties.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="properties">The properties.</param>
    /// <param name="isTaken">Whether a field is written already.</param>
    /// <exception cref="ArgumentException">A property has a name or a value that can't be sent.</exception>
    public static void Write(Utf8JsonWriter writer, AdditionalPropertiesDictionary? properties, Func<string, bool> isTaken)
    {
        if (properties is not { Count: > 0 })
        {
            return;
        }

        foreach ((string name, object? value) in properties)
        {
            if (Strictness.IsKey(name))
            {
                continue;
            }

            if (Reserved(name) is { } cure)
            {
                throw new ArgumentException($"AdditionalProperties[\"{name}\"] can't be set: {cure}.", nameof(properties));
            }

            if (isTaken(name))
            {
                throw new ArgumentException($"AdditionalProperties[\"{name}\"] says again what a member of the options says. Set one of the two.", nameof(properties));
            }

            writer.WritePropertyName(name);
            WriteValue(writer, name, value);
        }
    }

    private static string? Reserved(string name) => name switch
    {
        "model" => "the deployment decides on the model",
        "messages" or "input" => "the messages are the request's own",
        "stream" or "stream_options" => "the method called decides on streaming",
        "max_tokens" or "max_completion_tokens" => "set ChatOptions.MaxOutputTokens, by which the cost is reckoned",
        "n" or "best_of" => "one answer is asked for, and reckoned with",
        _ => null,
    };

    private static void WriteValue(Utf8JsonWriter writer, string name, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case int number:
                writer.WriteNumberValue(number);
                break;
            case long number:
                writer.WriteNumberValue(number);
                break;
            case decimal number:
                writer.WriteNumberValue(number);
                break;
            case float number when float.IsFinite(number):
                writer.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                writer.WriteNumberValue(number);
                break;
            case JsonElement { ValueKind: not JsonValueKind.Undefined } element:
                element.WriteTo(writer);
                break;
            case JsonNode node:
                node.WriteTo(writer);
                break;
            default:
                throw new ArgumentException(
                    $"AdditionalProperties[\"{name}\"] is a {value.GetType().Name}, which can't be sent. Use a string, a bool, a finite number, a JsonElement or a JsonNode.",
                    nameof(value));
        }
    }
}
