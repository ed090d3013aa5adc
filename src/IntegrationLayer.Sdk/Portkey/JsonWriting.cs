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

    [ThreadStatic]
    private static Utf8JsonWriter? _asciiWriter;

    public static Utf8JsonWriter Rent(PooledBuffer buffer) => Rent(ref _writer, buffer, Options);

    /// <summary>Lends a writer that escapes everything that is not ASCII, and control characters.</summary>
    public static Utf8JsonWriter RentAscii(PooledBuffer buffer) => Rent(ref _asciiWriter, buffer, default);

    public static void Return(Utf8JsonWriter writer)
    {
        writer.Reset();
        _writer = writer;
    }

    public static void ReturnAscii(Utf8JsonWriter writer)
    {
        writer.Reset();
        _asciiWriter = writer;
    }

    private static Utf8JsonWriter Rent(ref Utf8JsonWriter? kept, PooledBuffer buffer, JsonWriterOptions options)
    {
        Utf8JsonWriter? writer = kept;
        if (writer is null)
        {
            return new Utf8JsonWriter(buffer, options);
        }

        kept = null;
        writer.Reset(buffer);
        return writer;
    }
}
