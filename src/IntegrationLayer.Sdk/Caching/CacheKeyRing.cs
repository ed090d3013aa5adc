using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>The keys that only this installation has, all made of the one in the options: without them nobody can tell what a cache holds, or put something there.</summary>
internal sealed class CacheKeyRing
{
    private readonly byte[] _index;
    private readonly byte[] _payload;

    public CacheKeyRing(IOptions<ExactMatchCacheOptions> options)
    {
        // Without a key of the installation, what this process writes is for itself.
        byte[] secret = options.Value.InstallationKey is { } given ? Encoding.UTF8.GetBytes(given) : RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);
        _index = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, SHA256.HashSizeInBytes, info: "IntegrationLayer.Sdk.Caching index"u8.ToArray());
        _payload = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, SHA256.HashSizeInBytes, info: "IntegrationLayer.Sdk.Caching payload"u8.ToArray());
    }

    /// <summary>Digests a request written down.</summary>
    public byte[] Digest(ReadOnlySpan<byte> identity) => HMACSHA256.HashData(_index, identity);

    /// <summary>Gets what stands for a label outside the process. Two labels may have the same: then both are invalidated together.</summary>
    public ulong Label(CacheLabelKind kind, string? name)
    {
        var input = new FieldWriter();
        input.Add((byte)kind);
        input.Add(kind is CacheLabelKind.Model ? name?.ToLowerInvariant() : name);
        return LabelOf(Digest(input.Written));
    }

    /// <summary>Gets what stands for one cache key among the labels.</summary>
    public static ulong LabelOf(ReadOnlySpan<byte> digest) => BinaryPrimitives.ReadUInt64BigEndian(digest);

    /// <summary>Gets the key under which the answer of one cache key is sealed.</summary>
    public byte[] PayloadKey(ReadOnlySpan<byte> cacheKey) => HKDF.Expand(HashAlgorithmName.SHA256, _payload, SHA256.HashSizeInBytes, cacheKey.ToArray());
}
