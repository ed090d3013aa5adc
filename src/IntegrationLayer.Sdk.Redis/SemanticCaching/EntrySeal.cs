using System.Security.Cryptography;
using System.Text;
using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.SemanticCaching;

namespace IntegrationLayer.Sdk.Redis.SemanticCaching;

/// <summary>Encrypts entries so that only this installation can read them, and none can be forged, changed or moved to another place (AES-256-GCM).</summary>
internal sealed class EntrySeal(CacheKeyRing ring)
{
    private const byte Form = 1;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    public byte[] Write(SemanticEntry entry, string member)
    {
        var fields = new FieldWriter();
        fields.Add(entry.Id);
        fields.Add(entry.Question);
        fields.Add(entry.AnswerId);
        fields.Add(entry.ExpiresAt.UtcTicks);
        fields.Add(entry.Answer.Span);
        byte[] message = new byte[1 + NonceSize + TagSize + fields.Written.Length];
        message[0] = Form;
        Span<byte> nonce = message.AsSpan(1, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using AesGcm cipher = CipherOf(entry.Partition);
        cipher.Encrypt(nonce, fields.Written, message.AsSpan(1 + NonceSize + TagSize), message.AsSpan(1 + NonceSize, TagSize), Encoding.UTF8.GetBytes(member));
        return message;
    }

    /// <summary>Reads an entry.</summary>
    /// <returns><see langword="null"/> if this installation has never written it to this place.</returns>
    public SemanticEntry? Read(ReadOnlySpan<byte> message, string partition, string member)
    {
        if (message.Length < 1 + NonceSize + TagSize || message[0] != Form)
        {
            return null;
        }

        byte[] text = new byte[message.Length - 1 - NonceSize - TagSize];
        try
        {
            using AesGcm cipher = CipherOf(partition);
            cipher.Decrypt(message.Slice(1, NonceSize), message[(1 + NonceSize + TagSize)..], message.Slice(1 + NonceSize, TagSize), text, Encoding.UTF8.GetBytes(member));
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        // From here on it is known who wrote it.
        var fields = new FieldReader(text);
        return new SemanticEntry
        {
            Partition = partition,
            Id = fields.ReadText()!,
            Question = fields.ReadText()!,
            AnswerId = fields.ReadText()!,
            ExpiresAt = new DateTimeOffset(fields.Read<long>(), TimeSpan.Zero),
            Answer = fields.ReadBytes().ToArray(),
        };
    }

    private AesGcm CipherOf(string partition) => new(ring.PayloadKey(Encoding.UTF8.GetBytes($"semantic index\n{partition}")), TagSize);
}
