using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Lends one JSON writer a thread.</summary>
internal static class JsonWriting
{
    // The body is read by a JSON parser and never pasted into HTML, so text other than ASCII may stay as it is: shorter by up to two thirds.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>How results and arguments of tools are written: as Microsoft.Extensions.AI does, less the indentation, which would cost tokens.</summary>
    public static readonly JsonSerializerOptions Values = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    public static Utf8JsonWriter Rent(PooledBuffer buffer)
    {
        Utf8JsonWriter? writer = _writer;
        if (writer is null)
        {
            return new Utf8JsonWriter(buffer, Options);
        }

        _writer = null;
        writer.Reset(buffer);
        return writer;
    }

    public static void Return(Utf8JsonWriter writer)
    {
        writer.Reset(Stream.Null);
        _writer = writer;
    }
}
