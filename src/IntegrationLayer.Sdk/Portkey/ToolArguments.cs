using System.Text.Json;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Parses the arguments that a model gives to a tool.</summary>
internal static class ToolArguments
{
    /// <summary>Parses a JSON object; no text at all means no arguments.</summary>
    /// <returns>The arguments with values as <see cref="JsonElement"/>, or the error.</returns>
    public static (Dictionary<string, object?>? Arguments, Exception? Error) Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            Dictionary<string, object?> arguments = [];
            if (json.Trim(" \t\r\n"u8).IsEmpty)
            {
                return (arguments, null);
            }

            Utf8JsonReader reader = new(json, JsonText.ReaderOptions);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return (null, Broken(null));
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = JsonText.Read(ref reader);
                reader.Read();
                arguments[name] = reader.TokenType == JsonTokenType.Null ? null : JsonElement.ParseValue(ref reader);
            }

            return reader.Read() ? (null, Broken(null)) : (arguments, null);
        }
        catch (Exception exception) when (JsonText.IsBroken(exception))
        {
            return (null, Broken(exception));
        }
    }

    /// <summary>Says whether the text is one whole JSON value.</summary>
    public static bool IsComplete(ReadOnlySpan<byte> json)
    {
        try
        {
            Utf8JsonReader reader = new(json, JsonText.ReaderOptions);
            if (!reader.Read())
            {
                return false;
            }

            reader.Skip();
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static InvalidOperationException Broken(Exception? inner) =>
        new("The model's arguments for the tool are not a JSON object.", inner);
}
