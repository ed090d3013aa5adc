using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>
/// Writes answers for a store that others can read and write: compressed, encrypted and authenticated (AES-256-GCM) under a key that only the
/// installation has and that is another one for each cache key. What was put there by others, belongs to another question, was cut short or was
/// written by another version doesn't open.
/// </summary>
internal sealed class AnswerSeal(CacheKeyRing ring)
{
    /// <summary>What is shorter isn't compressed.</summary>
    public const int CompressedFrom = 1024;

    private const byte Version = 1;
    private const byte IsCompressed = 1;

    // Version, flags, the length of what is inside.
    private const int HeaderSize = 2 + sizeof(int);
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int Overhead = HeaderSize + NonceSize + TagSize;

    // The lowest that compares strings far apart; higher ones take several times as long for a few per cent.
    private const int CompressionQuality = 4;
    private const int CompressionWindow = 18;

    /// <summary>Gets the keys of the installation.</summary>
    public CacheKeyRing Ring => ring;

    /// <summary>Writes an answer.</summary>
    public byte[] Seal(CacheKey key, CachedAnswer answer)
    {
        byte[] bytes = answer.ToBytes();
        ReadOnlySpan<byte> content = TryCompress(bytes, out ReadOnlySpan<byte> compressed) ? compressed : bytes;
        byte[] payload = new byte[Overhead + content.Length];
        payload[0] = Version;
        payload[1] = content.Length < bytes.Length ? IsCompressed : (byte)0;
        BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(2), bytes.Length);
        Span<byte> nonce = payload.AsSpan(HeaderSize, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using AesGcm cipher = CipherOf(key);
        cipher.Encrypt(nonce, content, payload.AsSpan(HeaderSize + NonceSize, content.Length), payload.AsSpan(payload.Length - TagSize), payload.AsSpan(0, HeaderSize));
        return payload;
    }

    /// <summary>Reads an answer; <see langword="null"/> if it isn't one that this installation wrote under this key.</summary>
    public CachedAnswer? TryOpen(CacheKey key, ReadOnlySpan<byte> payload)
    {
        if (payload.Length < Overhead || payload[0] != Version)
        {
            return null;
        }

        byte[] content = new byte[payload.Length - Overhead];
        using AesGcm cipher = CipherOf(key);
        try
        {
            cipher.Decrypt(
                payload.Slice(HeaderSize, NonceSize), payload[(HeaderSize + NonceSize)..^TagSize], payload[^TagSize..], content, payload[..HeaderSize]);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        // From here on it is known to be the installation's own.
        if (payload[1] is IsCompressed)
        {
            byte[] whole = new byte[BinaryPrimitives.ReadInt32LittleEndian(payload[2..])];
            content = BrotliDecoder.TryDecompress(content, whole, out int length) && length == whole.Length ? whole : [];
        }

        return CachedAnswer.TryRead(content, out CachedAnswer? answer) ? answer : null;
    }

    private static bool TryCompress(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> compressed)
    {
        compressed = default;
        if (bytes.Length < CompressedFrom)
        {
            return false;
        }

        // Has to become shorter to be worth it.
        byte[] buffer = new byte[bytes.Length - 1];
        bool isShorter = BrotliEncoder.TryCompress(bytes, buffer, out int length, CompressionQuality, CompressionWindow);
        compressed = buffer.AsSpan(0, length);
        return isShorter;
    }

    private AesGcm CipherOf(CacheKey key) => new(ring.PayloadKey(key.Digest), TagSize);
}
