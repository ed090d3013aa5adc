using System.Buffers.Binary;
using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;

namespace IntegrationLayer.Sdk.CatalogueTool.Tokenizers;

/// <summary>Turns a published byte-pair vocabulary into the resource that the SDK counts tokens with.</summary>
/// <remarks>
/// The source is a <c>.tiktoken</c> file (a base64 token a line, in order of rank), or the assembly of the NuGet package
/// Microsoft.ML.Tokenizers.Data.O200kBase (MIT), which has such a file inside. The same source gives the same bytes.
/// </remarks>
internal static class VocabularyBuilder
{
    /// <summary>Builds the resource: Brotli of the number of tokens and of their bytes (int32, little-endian), the length of each (a byte), and their bytes.</summary>
    /// <param name="source">A <c>.tiktoken</c> file or the package's <c>.dll</c>.</param>
    /// <param name="target">The file to write.</param>
    /// <returns>The number of tokens.</returns>
    /// <exception cref="InvalidDataException">The source is not such a vocabulary.</exception>
    public static int Build(string source, string target)
    {
        string text = source.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)
            ? ReadFromAssembly(source)
            : File.ReadAllText(source, Encoding.ASCII);
        List<byte[]> tokens = Parse(text);

        using MemoryStream plain = new();
        Span<byte> head = stackalloc byte[2 * sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(head, tokens.Count);
        BinaryPrimitives.WriteInt32LittleEndian(head[sizeof(int)..], tokens.Sum(token => token.Length));
        plain.Write(head);
        tokens.ForEach(token => plain.WriteByte((byte)token.Length));
        tokens.ForEach(token => plain.Write(token));

        byte[] compressed = new byte[BrotliEncoder.GetMaxCompressedLength((int)plain.Length)];
        if (!BrotliEncoder.TryCompress(plain.GetBuffer().AsSpan(0, (int)plain.Length), compressed, out int written, quality: 11, window: 24))
        {
            throw new InvalidDataException("The vocabulary could not be compressed.");
        }

        File.WriteAllBytes(target, compressed[..written]);
        return tokens.Count;
    }

    private static List<byte[]> Parse(string text)
    {
        List<byte[]> tokens = [];
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // The package's file begins with its capacity; the original has the rank behind each token.
            if (line.StartsWith("Capacity:", StringComparison.Ordinal))
            {
                continue;
            }

            string[] parts = line.Split(' ');
            byte[] token = new byte[byte.MaxValue];
            if (!Convert.TryFromBase64String(parts[0], token, out int length) || length == 0
                || (parts.Length > 1 && parts[1] != tokens.Count.ToString(System.Globalization.CultureInfo.InvariantCulture)))
            {
                throw new InvalidDataException($"Line {tokens.Count + 1} ('{line}') is not a base64 token of 1 to 255 bytes in order of rank.");
            }

            tokens.Add(token[..length]);
        }

        return tokens.Count > 0 ? tokens : throw new InvalidDataException("The source holds no tokens.");
    }

    private static string ReadFromAssembly(string path)
    {
        using PEReader assembly = new(File.OpenRead(path));
        MetadataReader metadata = assembly.GetMetadataReader();
        foreach (ManifestResourceHandle handle in metadata.ManifestResources)
        {
            ManifestResource resource = metadata.GetManifestResource(handle);
            if (!metadata.GetString(resource.Name).EndsWith(".tiktoken.deflate", StringComparison.Ordinal))
            {
                continue;
            }

            int start = assembly.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress + (int)resource.Offset;
            BlobReader section = assembly.GetSectionData(start).GetReader();
            byte[] content = section.ReadBytes(section.ReadInt32());
            using DeflateStream inflated = new(new MemoryStream(content), CompressionMode.Decompress);
            using StreamReader reader = new(inflated, Encoding.ASCII);
            return reader.ReadToEnd();
        }

        throw new InvalidDataException($"'{path}' has no resource that ends in .tiktoken.deflate.");
    }
}
