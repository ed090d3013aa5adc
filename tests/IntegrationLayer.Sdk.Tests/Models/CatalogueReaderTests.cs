using System.Buffers.Binary;
using System.IO.Compression;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Tests.Models;

[TestFixture]
public sealed class CatalogueReaderTests
{
    private static readonly byte[] File = ReadResource();

    [Test]
    public void Load_from_a_stream_and_a_file_reads_the_same()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        System.IO.File.WriteAllBytes(path, File);
        try
        {
            Assert.That(ModelCatalogue.Load(path).Fingerprint, Is.EqualTo(ModelCatalogue.Embedded.Fingerprint));
            Assert.That(Load(File).Count, Is.EqualTo(ModelCatalogue.Embedded.Count));
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    [Test]
    public void Load_of_something_else_names_the_file_and_the_cure()
    {
        CatalogueFormatException exception = Assert.Throws<CatalogueFormatException>(() => Load("{\"models\":[]} and some more text to be long enough for a header"u8.ToArray()))!;

        Assert.Multiple(() =>
        {
            Assert.That(exception.FileName, Is.EqualTo("prices.bin"));
            Assert.That(exception.Message, Does.Contain("prices.bin").And.Contain("il-catalogue build"));
            Assert.That(exception.IsTransient, Is.False);
        });
    }

    [TestCase(0)]
    [TestCase(10)]
    public void Load_of_too_short_a_file_is_refused(int length)
    {
        Assert.That(() => Load(File[..length]), Throws.TypeOf<CatalogueFormatException>());
    }

    [Test]
    public void Load_of_a_newer_format_names_both_versions()
    {
        byte[] newer = [.. File];
        newer[8] = CatalogueFormat.Version + 1;

        Assert.That(() => Load(newer), Throws.TypeOf<CatalogueFormatException>().With.Message.Contains("format 2").And.Message.Contains("update the SDK"));
    }

    [Test]
    public void Load_of_a_damaged_file_is_refused_wherever_the_damage_is()
    {
        for (int at = CatalogueFormat.FingerprintOffset; at < File.Length; at += at < 200 ? 1 : 997)
        {
            byte[] damaged = [.. File];
            damaged[at] ^= 0x10;
            Assert.That(() => Load(damaged), Throws.TypeOf<CatalogueFormatException>().With.Message.Contains("damaged"), $"byte {at}");
        }
    }

    [Test]
    public void Load_of_a_file_cut_short_is_refused()
    {
        Assert.That(() => Load(File[..(File.Length / 2)]), Throws.TypeOf<CatalogueFormatException>());
    }

    [Test]
    public void Load_of_content_that_makes_no_sense_is_refused_although_its_checksum_is_right()
    {
        byte[] content = [5, 1, 2];
        byte[] file = [.. File[..CatalogueFormat.HeaderLength], .. new byte[64]];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(CatalogueFormat.LengthOffset), content.Length);
        ReadOnlySpan<byte> fingerprint = file.AsSpan(CatalogueFormat.FingerprintOffset, CatalogueFormat.FingerprintLength);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(CatalogueFormat.ChecksumOffset), CatalogueFormat.Checksum(fingerprint, content));
        BrotliEncoder.TryCompress(content, file.AsSpan(CatalogueFormat.HeaderLength), out int length);

        Assert.That(
            () => Load(file[..(CatalogueFormat.HeaderLength + length)]),
            Throws.TypeOf<CatalogueFormatException>().With.Message.Contains("damaged").And.InnerException.InstanceOf<InvalidDataException>());
    }

    [Test]
    public void Load_of_too_large_a_file_is_refused()
    {
        Assert.That(() => Load(new byte[CatalogueFormat.MaxLength + 1]), Throws.TypeOf<CatalogueFormatException>().With.Message.Contains("32 MiB"));
    }

    [Test]
    public void Load_of_a_missing_file_says_so()
    {
        Assert.That(() => ModelCatalogue.Load("/nowhere/prices.bin"), Throws.InstanceOf<IOException>());
    }

    [Test]
    public void Decoder_of_random_bytes_fails_only_in_expected_ways()
    {
        for (int seed = 1; seed < 2000; seed++)
        {
            byte[] bytes = new byte[seed % 300];
            uint state = (uint)seed * 2654435761;
            for (int i = 0; i < bytes.Length; i++)
            {
                state = (state * 1664525) + 1013904223;
                bytes[i] = (byte)((state >> 24) & (seed % 2 == 0 ? 0x0F : 0xFF));
            }

            Assert.That(() => new CatalogueDecoder(bytes).Decode(), Throws.Exception.Matches<Exception>(exception => CatalogueReader.IsDamage(exception!)), $"seed {seed}");
        }
    }

    private static ModelCatalogue Load(byte[] bytes)
    {
        using MemoryStream stream = new(bytes);
        return ModelCatalogue.Load(stream, "prices.bin");
    }

    private static byte[] ReadResource()
    {
        using Stream stream = typeof(ModelCatalogue).Assembly.GetManifestResourceStream("IntegrationLayer.Sdk.Models.catalogue.br")!;
        using MemoryStream copy = new();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
