using System.Buffers.Binary;
using System.IO.Compression;
using IntegrationLayer.Sdk.Costing;

namespace IntegrationLayer.Sdk.Tests.Costing;

public sealed class TokenVocabularyTests
{
    [Test]
    public void O200k_has_the_published_number_of_tokens() => Assert.That(TokenVocabulary.LoadO200k().Count, Is.EqualTo(199_998));

    [Test]
    public void Rank_is_the_place_in_the_file()
    {
        TokenVocabulary vocabulary = TokenVocabulary.Load(Compress(3, [1, 2, 20], [.. "a"u8, .. "bc"u8, .. "twenty bytes and no c"u8[..20]]));
        byte[] text = new byte[64];
        "twenty bytes and no c"u8.CopyTo(text);

        Assert.That(vocabulary.Rank(TokenVocabulary.Fingerprint(ref text[0], 20)), Is.EqualTo(2));
        Assert.That(vocabulary.Rank(TokenVocabulary.Fingerprint(ref text[0], 19)), Is.EqualTo(TokenVocabulary.None));
    }

    [TestCase(0, 5)]
    [TestCase(-1, 5)]
    [TestCase(2_000_000, 5)]
    [TestCase(1, 0)]
    [TestCase(1, 20_000_000)]
    public void Damaged_head_is_refused(int count, int size)
    {
        byte[] head = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(head, count);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(4), size);

        Assert.That(() => TokenVocabulary.Load(Compress(head)), Throws.TypeOf<InvalidDataException>());
    }

    [Test]
    public void Lengths_that_exceed_the_bytes_are_refused() =>
        Assert.That(() => TokenVocabulary.Load(Compress(2, [2, 200], [1, 2, 3])), Throws.TypeOf<InvalidDataException>());

    private static MemoryStream Compress(int count, byte[] lengths, byte[] tokens)
    {
        byte[] head = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(head, count);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(4), tokens.Length);
        return Compress([.. head, .. lengths, .. tokens]);
    }

    private static MemoryStream Compress(byte[] plain)
    {
        MemoryStream compressed = new();
        using (BrotliStream brotli = new(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            brotli.Write(plain);
        }

        compressed.Position = 0;
        return compressed;
    }
}
