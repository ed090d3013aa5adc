using System.Text.Json;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Reads the answer to a request for the list of models.</summary>
internal static class ModelListReader
{
    /// <summary>Reads the identifiers.</summary>
    /// <returns><see langword="null"/> if the answer is an error.</returns>
    /// <exception cref="JsonException">It is not the JSON of a list.</exception>
    public static IReadOnlyList<string>? Read(ReadOnlySpan<byte> json)
    {
        List<string>? models = null;
        Utf8JsonReader reader = new(json, JsonText.ReaderOptions);
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            // Some servers leave the object around the list out.
            return ReadArray(ref reader);
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isList = reader.ValueTextEquals("data"u8) || reader.ValueTextEquals("models"u8);
            bool isError = reader.ValueTextEquals("error"u8) || reader.ValueTextEquals("html-message"u8);
            reader.Read();
            if (isError && reader.TokenType is not (JsonTokenType.Null or JsonTokenType.False))
            {
                return null;
            }

            if (isList && reader.TokenType == JsonTokenType.StartArray)
            {
                models = ReadArray(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return models ?? throw new JsonException("There is no list.");
    }

    private static List<string> ReadArray(ref Utf8JsonReader reader)
    {
        List<string> models = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            string? id = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isId = reader.ValueTextEquals("id"u8);
                bool isName = reader.ValueTextEquals("name"u8);
                reader.Read();
                id = isId || (isName && id is null) ? JsonText.ReadNonEmpty(ref reader) ?? id : id;
                reader.Skip();
            }

            if (id is not null)
            {
                // Google's names begin with models/, which its other operations don't want.
                models.Add(id.StartsWith("models/", StringComparison.Ordinal) ? id["models/".Length..] : id);
            }
        }

        return models;
    }
}
