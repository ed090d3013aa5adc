using System.Text.Json;
using ZiggyCreatures.Caching.Fusion.Serialization;

namespace IntegrationLayer.Sdk.Tests.Caching;

/// <summary>What applications register with FusionCache: it knows nothing of the SDK's types.</summary>
internal sealed class FusionSerializer : IFusionCacheSerializer
{
    public byte[] Serialize<T>(T? obj) => JsonSerializer.SerializeToUtf8Bytes(obj);

    public T? Deserialize<T>(byte[] data) => JsonSerializer.Deserialize<T>(data);

    public ValueTask<byte[]> SerializeAsync<T>(T? obj, CancellationToken token = default) => new(Serialize(obj));

    public ValueTask<T?> DeserializeAsync<T>(byte[] data, CancellationToken token = default) => new(Deserialize<T>(data));
}
