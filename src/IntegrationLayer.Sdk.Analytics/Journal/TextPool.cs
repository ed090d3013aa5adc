using System.Text;

namespace IntegrationLayer.Sdk.Analytics.Journal;

/// <summary>Gives equal texts one string, so that reading thousands of records makes few of them. Not safe for concurrent use.</summary>
internal sealed class TextPool
{
    private const int Size = 1 << 12;
    private const int Longest = 64;
    private readonly (byte[] Bytes, string Text)[] _texts = new (byte[], string)[Size];

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 0 or > Longest)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        ref (byte[] Bytes, string Text) slot = ref _texts[Crc32C.Of(utf8) & (Size - 1)];
        if (slot.Text is null || !utf8.SequenceEqual(slot.Bytes))
        {
            slot = (utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        }

        return slot.Text;
    }
}
