using System.Collections.Concurrent;
using IntegrationLayer.Sdk.Usage;

namespace IntegrationLayer.Sdk.Tests.SemanticCaching;

/// <summary>Keeps the record of every request.</summary>
internal sealed class RecordingStore : IUsageStore
{
    private readonly ConcurrentQueue<UsageRecord> _records = new();

    public IEnumerable<UsageRecord> Of(string operation) => _records.Where(r => r.Context.Operation == operation);

    public void Append(UsageRecord record) => _records.Enqueue(record);
}
