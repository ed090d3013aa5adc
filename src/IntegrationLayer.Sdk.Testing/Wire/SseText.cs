using System.Text;

namespace IntegrationLayer.Sdk.Testing.Wire;

/// <summary>Framing of server-sent events.</summary>
internal static class SseText
{
    /// <summary>An event with this payload.</summary>
    public static byte[] Event(ReadOnlyMemory<byte> payload, bool crLf)
    {
        ReadOnlySpan<byte> end = crLf ? "\r\n\r\n"u8 : "\n\n"u8;
        return [.. "data: "u8, .. payload.Span, .. end];
    }

    /// <summary>The event that ends a stream.</summary>
    public static byte[] Done(bool crLf) => Event("[DONE]"u8.ToArray(), crLf);

    /// <summary>A comment, which a reader has to skip.</summary>
    public static byte[] Comment(string text, bool crLf) => Encoding.UTF8.GetBytes(crLf ? $": {text}\r\n\r\n" : $": {text}\n\n");

    /// <summary>Cuts in the middle of every character that takes more than one byte.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> SplitInsideCharacters(ReadOnlyMemory<byte> bytes)
    {
        int start = 0;
        for (int i = 1; i < bytes.Length; i++)
        {
            if ((bytes.Span[i] & 0b1100_0000) == 0b1000_0000)
            {
                yield return bytes[start..i];
                start = i;
            }
        }

        yield return bytes[start..];
    }

    /// <summary>Splits a text into the pieces a model would stream: words with the blank behind them, long words in pieces of 16 characters.</summary>
    public static IReadOnlyList<string> Pieces(string text)
    {
        const int longest = 16;
        List<string> pieces = [];
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            bool full = i - start + 1 >= longest && !char.IsHighSurrogate(text[i]);
            if (text[i] == ' ' || full || i == text.Length - 1)
            {
                pieces.Add(text[start..(i + 1)]);
                start = i + 1;
            }
        }

        return pieces;
    }
}
