using System.ComponentModel;
using System.Text.Json.Serialization;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>What is kept in a <see cref="Microsoft.Extensions.Caching.Hybrid.HybridCache"/>: an answer that only the installation can read.</summary>
/// <remarks>Its memory may share the object, since it doesn't change; serializers see the payload.</remarks>
[ImmutableObject(true)]
internal sealed class SealedAnswer
{
    private CachedAnswer? _answer;

    [JsonConstructor]
    public SealedAnswer(byte[] payload) => Payload = payload;

    public SealedAnswer(CachedAnswer answer, byte[] payload)
        : this(payload) => _answer = answer;

    /// <summary>Gets what <see cref="AnswerSeal.Seal"/> wrote.</summary>
    public byte[] Payload { get; }

    /// <summary>Reads the answer, once; <see langword="null"/> if it isn't one that was written under this key.</summary>
    public CachedAnswer? TryOpen(CacheKey key, AnswerSeal seal) => _answer ??= seal.TryOpen(key, Payload);
}
