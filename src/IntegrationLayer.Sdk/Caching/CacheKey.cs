using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>Identifies requests that may share an answer: everything that may change it, the partition included.</summary>
/// <remarks>
/// Within the process it is the request itself, written down and compared whole, so that no two questions can be taken for one another; a long
/// request is represented by its digest. Outside it is <see cref="Value"/>.
/// </remarks>
public sealed class CacheKey : IEquatable<CacheKey>
{
    // What is longer is represented by its digest: memory is for answers.
    private const int LongestIdentity = 2 * 1024;

    // The first bytes of identities that aren't requests written down, whose first byte is the version of the writing.
    private const byte DigestMark = 0xFE;
    private const byte NameMark = 0xFF;

    [ThreadStatic]
    private static CacheKey? _kept;

    private readonly FieldWriter? _writer;
    private byte[] _identity = [];
    private int _hash;
    private CacheKeyRing? _ring;
    private byte[]? _digest;
    private string? _value;

    /// <summary>Makes a key of a name of your own, for tests of an <see cref="IResponseCache"/>.</summary>
    /// <param name="value">The name.</param>
    public CacheKey(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _identity = [NameMark, .. Encoding.UTF8.GetBytes(value)];
        _hash = HashOf(_identity);
        _value = value;
    }

    private CacheKey(FieldWriter? writer) => _writer = writer;

    /// <summary>Gets the key as a text: the version of the SDK's keys, and a digest that can't be reckoned without the installation's key.</summary>
    /// <value>65 of the characters <c>0-9 a-f</c>.</value>
    public string Value => _value ??= Describe();

    /// <summary>Gets the digest that <see cref="Value"/> shows.</summary>
    internal ReadOnlySpan<byte> Digest => _digest ??= Identity[0] == DigestMark ? Identity[1..].ToArray() : Reckon(Identity);

    /// <summary>Gets what two equal keys have in common.</summary>
    internal ReadOnlySpan<byte> Identity => _identity.Length > 0 || _writer is null ? _identity : _writer.Written;

    /// <summary>Writes down what a request's answer depends on.</summary>
    /// <param name="request">The request.</param>
    /// <param name="scope">Who may be given the same answer.</param>
    /// <param name="ring">The installation's key.</param>
    /// <param name="key">A key that belongs to the thread: return it, or take <see cref="ToOwned"/> of it, before anything is awaited.</param>
    /// <returns><see langword="false"/> for a request whose answer depends on something that can't be written down.</returns>
    internal static bool TryRent(LlmRequest request, CacheScope scope, CacheKeyRing ring, [NotNullWhen(true)] out CacheKey? key)
    {
        CacheKey rented = _kept ?? new CacheKey(new FieldWriter());
        _kept = null;
        if (!CanonicalRequest.TryWrite(request, scope, rented._writer!))
        {
            rented.Return();
            key = null;
            return false;
        }

        if (rented._writer!.Written.Length > LongestIdentity)
        {
            rented._identity = [DigestMark, .. ring.Digest(rented._writer.Written)];
        }

        rented._ring = ring;
        rented._hash = HashOf(rented.Identity);
        key = rented;
        return true;
    }

    /// <summary>Gets what stands for a key among the labels of invalidations.</summary>
    /// <param name="value">The key's <see cref="Value"/>.</param>
    /// <param name="label">The label.</param>
    /// <returns><see langword="false"/> for a text that is no key of this version.</returns>
    internal static bool TryGetLabel(string value, out ulong label)
    {
        string version = CanonicalRequest.SchemaVersion.ToString(CultureInfo.InvariantCulture);
        label = 0;
        return value.StartsWith(version, StringComparison.Ordinal)
            && value.Length == version.Length + (2 * SHA256.HashSizeInBytes)
            && ulong.TryParse(value.AsSpan(version.Length, 2 * sizeof(ulong)), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out label);
    }

    /// <summary>Gives a rented key back to its thread.</summary>
    internal void Return()
    {
        _writer!.Clear();
        _identity = [];
        _value = null;
        _digest = null;
        _kept = this;
    }

    /// <summary>Gets a key that can be kept.</summary>
    internal CacheKey ToOwned() => _writer is null ? this : new CacheKey(writer: null) { _identity = Identity.ToArray(), _hash = _hash, _ring = _ring, _digest = _digest, _value = _value };

    /// <inheritdoc/>
    public bool Equals(CacheKey? other) => other is not null && _hash == other._hash && Identity.SequenceEqual(other.Identity);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CacheKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static int HashOf(ReadOnlySpan<byte> identity)
    {
        var hash = default(HashCode);
        hash.AddBytes(identity);
        return hash.ToHashCode();
    }

    private string Describe() => string.Concat(
        CanonicalRequest.SchemaVersion.ToString(CultureInfo.InvariantCulture),
        Convert.ToHexStringLower(Digest));

    private byte[] Reckon(ReadOnlySpan<byte> identity) => _ring is null ? SHA256.HashData(identity) : _ring.Digest(identity);
}
