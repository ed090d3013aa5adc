using System.Text;
using System.Text.Json;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Reads strings and values from JSON that nobody vouches for.</summary>
internal static class JsonText
{
    public static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 64 };

    /// <summary>Says whether an exception of a JSON reader means that the JSON is broken.</summary>
    public static bool IsBroken(Exception exception) => exception is JsonException or InvalidOperationException or FormatException;

    /// <summary>Reads a string. Broken UTF-8 becomes U+FFFD; half a surrogate pair stays, as providers cut emoji in two between chunks.</summary>
    public static string Read(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return Unescape(reader.ValueSpan);
        }
    }

    /// <summary>Reads a string, or <see langword="null"/> for an empty one or any other kind of value, which is skipped.</summary>
    public static string? ReadNonEmpty(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.ValueSpan.IsEmpty ? null : Read(ref reader);
        }

        reader.Skip();
        return null;
    }

    /// <summary>Gives the name whose raw bytes are given.</summary>
    public static string Name(ReadOnlySpan<byte> raw) => raw.IndexOf((byte)'\\') < 0 ? Encoding.UTF8.GetString(raw) : Unescape(raw);

    /// <summary>Reads any value that tells something: a primitive or a <see cref="JsonElement"/>; <see langword="null"/> for null, "", [] and {}.</summary>
    public static object? ReadValue(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return ReadNonEmpty(ref reader);
            case JsonTokenType.True:
                return true;
            case JsonTokenType.False:
                return false;
            case JsonTokenType.Number:
                return reader.TryGetInt64(out long number) ? number : JsonElement.ParseValue(ref reader);
            case JsonTokenType.StartArray or JsonTokenType.StartObject:
                Utf8JsonReader ahead = reader;
                if (ahead.Read() && ahead.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject)
                {
                    reader = ahead;
                    return null;
                }

                return JsonElement.ParseValue(ref reader);
            default:
                return null;
        }
    }

    private static string Unescape(ReadOnlySpan<byte> raw)
    {
        StringBuilder text = new(raw.Length);
        while (!raw.IsEmpty)
        {
            int slash = raw.IndexOf((byte)'\\');
            if (slash < 0 || slash + 1 >= raw.Length)
            {
                text.Append(Encoding.UTF8.GetString(raw));
                break;
            }

            text.Append(Encoding.UTF8.GetString(raw[..slash]));
            byte kind = raw[slash + 1];
            raw = raw[(slash + 2)..];
            if (kind == 'u' && raw.Length >= 4)
            {
                text.Append((char)((Hex(raw[0]) << 12) | (Hex(raw[1]) << 8) | (Hex(raw[2]) << 4) | Hex(raw[3])));
                raw = raw[4..];
                continue;
            }

            text.Append(kind switch { (byte)'n' => '\n', (byte)'t' => '\t', (byte)'r' => '\r', (byte)'b' => '\b', (byte)'f' => '\f', _ => (char)kind });
        }

        return text.ToString();
    }

    private static int Hex(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => 0,
    };
}
