using System.Collections.Concurrent;

namespace IntegrationLayer.Sdk.Integration.Tests.Sdk;

/// <summary>The headers that went to the gateway and came back, in order.</summary>
public sealed class WireLog
{
    private readonly ConcurrentQueue<IReadOnlyDictionary<string, string>> _sent = new();
    private readonly ConcurrentQueue<IReadOnlyDictionary<string, string>> _received = new();

    public IReadOnlyList<IReadOnlyDictionary<string, string>> Sent => [.. _sent];

    public IReadOnlyList<IReadOnlyDictionary<string, string>> Received => [.. _received];

    public void AddSent(HttpRequestMessage request) => _sent.Enqueue(Read(request.Headers));

    public void AddReceived(HttpResponseMessage response) => _received.Enqueue(Read(response.Headers));

    private static Dictionary<string, string> Read(System.Net.Http.Headers.HttpHeaders headers) =>
        headers.ToDictionary(header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase);
}
