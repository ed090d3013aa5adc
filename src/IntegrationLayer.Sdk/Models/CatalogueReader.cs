using System.Buffers.Binary;
using System.IO.Compression;

namespace IntegrationLayer.Sdk.Models;

/// <summary>Reads catalogue files.</summary>
internal static class CatalogueReader
{
    /// <summary>Reads and checks a file.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <param name="content">What it holds.</param>
    /// <returns>The SHA-256 of its content, in lower-case hexadecimal.</returns>
    /// <exception cref="CatalogueFormatException">It is no catalogue, is damaged or too new.</exception>
    public static string Read(ReadOnlySpan<byte> file, string name, out CatalogueContent content)
    {
        if (file.Length < CatalogueFormat.HeaderLength || !file.StartsWith(CatalogueFormat.Magic))
        {
            throw new CatalogueFormatException($"'{name}' is no model catalogue. Write one with 'il-catalogue build' or 'il-catalogue refresh'.", name);
        }

        byte version = file[8];
        if (version != CatalogueFormat.Version)
        {
            throw new CatalogueFormatException(
                $"'{name}' has catalogue format {version}, this version of the SDK reads {CatalogueFormat.Version}. "
                + "Write the file with the il-catalogue of the same version as the SDK, or update the SDK.",
                name);
        }

        byte[] bytes = Decompress(file, name);
        ReadOnlySpan<byte> fingerprint = file.Slice(CatalogueFormat.FingerprintOffset, CatalogueFormat.FingerprintLength);
        if (BinaryPrimitives.ReadUInt64LittleEndian(file[CatalogueFormat.ChecksumOffset..]) != CatalogueFormat.Checksum(fingerprint, bytes))
        {
            throw Damaged(name, null);
        }

        try
        {
            content = new CatalogueDecoder(bytes).Decode();
            return Convert.ToHexStringLower(fingerprint);
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            throw Damaged(name, exception);
        }
    }

    /// <summary>Says whether an exception of the decoder means that the content is wrong.</summary>
    internal static bool IsDamage(Exception exception) =>
        exception is IndexOutOfRangeException or ArgumentException or InvalidDataException or OverflowException;

    private static byte[] Decompress(ReadOnlySpan<byte> file, string name)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(file[CatalogueFormat.LengthOffset..]);
        if (length is < 0 or > CatalogueFormat.MaxLength)
        {
            throw Damaged(name, null);
        }

        byte[] bytes = new byte[length];
        return BrotliDecoder.TryDecompress(file[CatalogueFormat.HeaderLength..], bytes, out int written) && written == length
            ? bytes
            : throw Damaged(name, null);
    }

    private static CatalogueFormatException Damaged(string name, Exception? cause) =>
        new($"'{name}' is damaged: its content doesn't match its checksum or format. Write it again with 'il-catalogue build' or 'il-catalogue refresh'.", name, cause);
}
