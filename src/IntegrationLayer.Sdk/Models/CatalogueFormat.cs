namespace IntegrationLayer.Sdk.Models;

/// <summary>Constants of the catalogue's file format: a header, then a Brotli stream. docs/catalogue.md describes it.</summary>
internal static class CatalogueFormat
{
    /// <summary>The version that this code reads and writes.</summary>
    public const byte Version = 1;

    /// <summary>Magic, version, SHA-256 of the decompressed content, its length as a little-endian 32-bit integer.</summary>
    public const int HeaderLength = 8 + 1 + 32 + 4;

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
}
