using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Remembers functions as they are written into requests, in a fixed number of places: the same few are offered again and again.</summary>
/// <remarks>They are known by what they say, not by who they are: many programs make their functions anew for each request.</remarks>
internal static class WrittenFunctions
{
    private const int Places = 256;

    // In bytes of the schema: all together never take more than a few megabytes.
    private const int Largest = 8 * 1024;
    private static readonly Entry?[] Known = new Entry?[Places];

    /// <summary>Gets the JSON of a function.</summary>
    /// <param name="function">The function.</param>
    /// <param name="isStrict">Whether the model must keep to the schema; <see langword="null"/> to leave it to the provider.</param>
    public static byte[] Get(AIFunctionDeclaration function, bool? isStrict)
    {
        ReadOnlySpan<byte> schema = JsonMarshal.GetRawUtf8Value(function.JsonSchema);
        ref Entry? place = ref Known[(uint)HashCode.Combine(function.Name, schema.Length, isStrict) % Places];
        if (place is { } known && known.Is(function, schema, isStrict))
        {
            return known.Json;
        }

        byte[] json = Write(function, isStrict);
        if (schema.Length <= Largest)
        {
            place = new Entry(function.Name, function.Description, schema.ToArray(), isStrict, json);
        }

        return json;
    }

    private static byte[] Write(AIFunctionDeclaration function, bool? isStrict)
    {
        using PooledBuffer buffer = new(1024);
        Utf8JsonWriter writer = JsonWriting.Rent(buffer);
        try
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, "function"u8);
            writer.WriteStartObject("function"u8);
            writer.WriteString("name"u8, function.Name);
            if (!string.IsNullOrEmpty(function.Description))
            {
                writer.WriteString("description"u8, function.Description);
            }

            writer.WritePropertyName("parameters"u8);
            (isStrict == true ? Strictness.SchemaOf(function) : function.JsonSchema).WriteTo(writer);
            if (isStrict is { } strict)
            {
                writer.WriteBoolean("strict"u8, strict);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.Flush();
            return buffer.Span.ToArray();
        }
        finally
        {
            JsonWriting.Return(writer);
        }
    }

    private sealed class Entry(string name, string description, byte[] schema, bool? isStrict, byte[] json)
    {
        public byte[] Json => json;

        public bool Is(AIFunctionDeclaration function, ReadOnlySpan<byte> itsSchema, bool? itsStrictness) =>
            name == function.Name && description == function.Description && isStrict == itsStrictness && itsSchema.SequenceEqual(schema);
    }
}
