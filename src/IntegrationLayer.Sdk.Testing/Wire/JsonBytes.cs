using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace IntegrationLayer.Sdk.Testing.Wire;

/// <summary>Writes JSON without reflection, with plain UTF-8 instead of escapes, as providers do.</summary>
internal static class JsonBytes
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An object whose members <paramref name="members"/> writes.</summary>
    public static ReadOnlyMemory<byte> Object(Action<Utf8JsonWriter> members)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, Options))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>A string member, or null.</summary>
    public static void WriteTextOrNull(this Utf8JsonWriter writer, string name, string? value)
    {
        if (value is null)
        {
            writer.WriteNull(name);
        }
        else
        {
            writer.WriteString(name, value);
        }
    }

    /// <summary>
    /// A string member that escapes only what JSON demands, or null. The writer's own encoders escape every character beyond the basic
    /// plane, so a test could never see one cut in two.
    /// </summary>
    public static void WritePlainString(this Utf8JsonWriter writer, string name, string? value)
    {
        if (value is null)
        {
            writer.WriteNull(name);
            return;
        }

        StringBuilder text = new("\"", value.Length + 2);
        foreach (char letter in value)
        {
            text = letter switch
            {
                '"' or '\\' => text.Append('\\').Append(letter),
                '\n' => text.Append("\\n"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
                _ => text.Append(letter),
            };
        }

        writer.WritePropertyName(name);
        writer.WriteRawValue(text.Append('"').ToString());
    }
}
