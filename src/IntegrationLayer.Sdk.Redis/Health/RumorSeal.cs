using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IntegrationLayer.Sdk.Resilience;

namespace IntegrationLayer.Sdk.Redis.Health;

/// <summary>Writes rumors so that only who knows the key can have written them (HMAC-SHA256), and reads what is such.</summary>
/// <param name="key">The secret that all processes share.</param>
/// <param name="channel">Where they are told; what was told elsewhere is not believed here.</param>
internal sealed class RumorSeal(string key, string channel)
{
    private const string Version = "1";
    private const int LongestMessage = 2_048;
    private const int Fields = 8;
    private readonly byte[] _key = Encoding.UTF8.GetBytes(key);

    /// <summary>Digests what stands behind a name. Secrets are among it, so the digest is keyed.</summary>
    public string Digest(string subject) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(subject)).AsSpan(0, 8));

    public string Write(Rumor rumor)
    {
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"{Version}\n{rumor.Sender}\n{rumor.SentAt.ToUnixTimeMilliseconds()}\n{(int)rumor.Kind}\n{(int)rumor.State}\n{(long)rumor.Rest.TotalMilliseconds}\n{rumor.Subject}\n{rumor.Name}");
        return $"{SealOf(text)}\n{text}";
    }

    /// <summary>Reads a message.</summary>
    /// <returns><see langword="null"/> if nobody who knows the key has written it.</returns>
    public Rumor? Read(string? message)
    {
        if (message is null or { Length: > LongestMessage } || message.IndexOf('\n', StringComparison.Ordinal) is not (> 0 and var end))
        {
            return null;
        }

        string text = message[(end + 1)..];
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(message[..end]), Encoding.UTF8.GetBytes(SealOf(text))))
        {
            return null;
        }

        string[] fields = text.Split('\n', Fields);
        bool isRumor = fields.Length == Fields
            && fields[0] == Version
            && long.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out _)
            && long.TryParse(fields[5], NumberStyles.None, CultureInfo.InvariantCulture, out _);
        return !isRumor ? null : new Rumor(
            fields[1],
            DateTimeOffset.FromUnixTimeMilliseconds(NumberOf(fields[2])),
            (HealthKind)NumberOf(fields[3]),
            fields[7],
            fields[6],
            (HealthState)NumberOf(fields[4]),
            TimeSpan.FromMilliseconds(NumberOf(fields[5])));
    }

    private static long NumberOf(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private string SealOf(string text) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{channel}\n{text}")));
}
