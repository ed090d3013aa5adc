using System.Buffers;
using System.Text;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>
/// The chunk of text that was read last, as a pattern: the next one mostly differs in nothing but the text (and OpenAI's padding of random length).
/// A chunk that fits means what the last one did, whatever its other fields are, so only its text is read.
/// </summary>
internal struct ChunkPattern
{
    // What ends a string or needs to be looked at: a quote, an escape, and what must not be in one.
    private static readonly SearchValues<byte> Special = SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    private byte[]? _bytes;
    private Range _before;
    private Range _between;
    private Range _after;

    /// <summary>Takes a chunk as the pattern.</summary>
    /// <param name="json">The chunk.</param>
    /// <param name="text">Where its text is, between the quotes.</param>
    /// <param name="padding">Where its padding is, between the quotes; what lies before the text is no padding.</param>
    public void Learn(ReadOnlySpan<byte> json, Range text, Range? padding)
    {
        if (_bytes is null || _bytes.Length < json.Length)
        {
            _bytes = new byte[json.Length + 64];
        }

        json.CopyTo(_bytes);
        Range hole = padding is { } known && known.Start.Value > text.End.Value ? known : json.Length..json.Length;
        _before = ..text.Start;
        _between = text.End..hole.Start;
        _after = hole.End..json.Length;
    }

    /// <summary>Forgets the pattern: the last chunk was of another kind.</summary>
    public void Forget() => _before = default;

    /// <summary>Reads the text of a chunk that fits.</summary>
    public readonly bool TryRead(ReadOnlySpan<byte> json, out string text)
    {
        text = "";
        ReadOnlySpan<byte> known = _bytes;
        ReadOnlySpan<byte> before = known[_before];
        if (before.IsEmpty || !json.StartsWith(before))
        {
            return false;
        }

        json = json[before.Length..];
        int length = json.IndexOfAny(Special);
        if (length <= 0 || !json[length..].StartsWith(known[_between]))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = json[(length + known[_between].Length)..];
        ReadOnlySpan<byte> after = known[_after];
        if (!after.IsEmpty)
        {
            rest = rest[Math.Max(0, rest.IndexOfAny(Special))..];
        }

        if (!rest.SequenceEqual(after))
        {
            return false;
        }

        text = Encoding.UTF8.GetString(json[..length]);
        return true;
    }
}
