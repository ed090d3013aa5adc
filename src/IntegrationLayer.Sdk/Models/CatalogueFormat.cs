namespace IntegrationLayer.Sdk.Models;

/// <summary>Constants of the catalogue's file format: a header, then a Brotli stream. docs/catalogue.md describes it.</summary>
internal static class CatalogueFormat
{
    /// <summary>The version that this code reads and writes.</summary>
    public const byte Version = 1;

    /// <summary>Where the SHA-256 of the decompressed content is: the catalogue's fingerprint.</summary>
    public const int FingerprintOffset = 9;

    /// <summary>How long the fingerprint is.</summary>
    public const int FingerprintLength = 32;

    /// <summary>Where the content's length is, a little-endian 32-bit integer.</summary>
    public const int LengthOffset = FingerprintOffset + FingerprintLength;

    /// <summary>Where the checksum is, a little-endian 64-bit integer.</summary>
    public const int ChecksumOffset = LengthOffset + sizeof(int);

    /// <summary>Magic, version, fingerprint, length, checksum.</summary>
    public const int HeaderLength = ChecksumOffset + sizeof(ulong);

    /// <summary>The largest file that is read, and the largest content it may decompress to.</summary>
    public const int MaxLength = 32 << 20;

    /// <summary>How many prices a row of the price table can hold.</summary>
    public const int PriceFields = 11;

    /// <summary>The bit beside the price fields that says that context tiers follow.</summary>
    public const int HasTiers = 1 << PriceFields;

    /// <summary>The most digits after the decimal point that a price can have.</summary>
    public const int MaxScale = 9;

    /// <summary>The bytes with which every file begins.</summary>
    public static ReadOnlySpan<byte> Magic => "ILMODELS"u8;

    /// <summary>Computes the checksum: 64-bit FNV-1a of the fingerprint and the content.</summary>
    /// <remarks>It finds damage at a tenth of the cost of SHA-256, whose native library a process would load for it.</remarks>
    public static ulong Checksum(ReadOnlySpan<byte> fingerprint, ReadOnlySpan<byte> content) =>
        Checksum(Checksum(0xCBF29CE484222325, fingerprint), content);

    private static ulong Checksum(ulong hash, ReadOnlySpan<byte> bytes)
    {
        foreach (byte next in bytes)
        {
            hash = (hash ^ next) * 0x100000001B3;
        }

        return hash;
    }
}
