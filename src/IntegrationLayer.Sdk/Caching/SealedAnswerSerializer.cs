using System.Buffers;
using Microsoft.Extensions.Caching.Hybrid;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>Writes sealed answers as the bytes that they are.</summary>
internal sealed class SealedAnswerSerializer : IHybridCacheSerializer<SealedAnswer>
{
    public SealedAnswer Deserialize(ReadOnlySequence<byte> source) => new(source.ToArray());

    public void Serialize(SealedAnswer value, IBufferWriter<byte> target) => target.Write(value.Payload);
}
