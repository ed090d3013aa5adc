using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.CatalogueTool.Building;

/// <summary>Writes catalogue files. Equal content gives equal bytes.</summary>
internal static class CatalogueWriter
{
    private const int BestQuality = 11;
    private const int Window = 22;

    /// <summary>Writes a file.</summary>
    public static byte[] Write(CatalogueContent content)
    {
        byte[] bytes = new CatalogueEncoder().Encode(content);
        byte[] compressed = new byte[BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        if (!BrotliEncoder.TryCompress(bytes, compressed, out int length, BestQuality, Window))
        {
            throw new InvalidOperationException("Brotli didn't compress the catalogue.");
        }

        byte[] file = new byte[CatalogueFormat.HeaderLength + length];
        CatalogueFormat.Magic.CopyTo(file);
        file[8] = CatalogueFormat.Version;
        byte[] fingerprint = SHA256.HashData(bytes);
        fingerprint.CopyTo(file, CatalogueFormat.FingerprintOffset);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(CatalogueFormat.LengthOffset), bytes.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(CatalogueFormat.ChecksumOffset), CatalogueFormat.Checksum(fingerprint, bytes));
        compressed.AsSpan(0, length).CopyTo(file.AsSpan(CatalogueFormat.HeaderLength));
        return file;
    }
}
