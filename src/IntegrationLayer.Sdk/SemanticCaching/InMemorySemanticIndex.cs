using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>Keeps entries in this process, bounded by number and bytes; the oldest go first.</summary>
internal sealed class InMemorySemanticIndex(IOptions<SemanticCacheOptions> options, TimeProvider timeProvider) : ISemanticIndex, IDisposable
{
    private readonly SemanticCacheOptions _options = options.Value;
    private readonly ConcurrentDictionary<string, GuardedPartition> _partitions = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly LinkedList<Record> _byAge = [];
    private readonly Dictionary<(string Partition, string Id), LinkedListNode<Record>> _records = [];
    private long _bytes;

    /// <summary>Gets the number of entries and the bytes that they take.</summary>
    public (int Entries, long Bytes) Size
    {
        get
        {
            lock (_gate)
            {
                return (_records.Count, _bytes);
            }
        }
    }

    public ValueTask<IReadOnlyList<SemanticMatch>> SearchAsync(string partition, ReadOnlyMemory<float> vector, int count, CancellationToken cancellationToken) =>
        new(_partitions.TryGetValue(partition, out GuardedPartition? entries) ? entries.Search(vector.Span, count, timeProvider.GetUtcNow()) : []);

    public ValueTask AddAsync(SemanticEntry entry, ReadOnlyMemory<float> vector, CancellationToken cancellationToken)
    {
        while (true)
        {
            GuardedPartition partition = _partitions.GetOrAdd(entry.Partition, static (_, dimensions) => new GuardedPartition(dimensions), vector.Length);
            if (partition.TryAdd(entry, vector.Span, out int bytes))
            {
                Evict(Enter(entry, bytes));
                return ValueTask.CompletedTask;
            }
        }
    }

    public ValueTask RemoveAsync(string partition, string id, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_records.TryGetValue((partition, id), out LinkedListNode<Record>? record))
            {
                Leave(record);
            }
        }

        Evict([new Record(partition, id, 0)]);
        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        foreach (GuardedPartition partition in _partitions.Values)
        {
            partition.Dispose();
        }
    }

    // Returns what has to go for the entry to find room.
    private List<Record> Enter(SemanticEntry entry, int bytes)
    {
        var leaving = new List<Record>();
        lock (_gate)
        {
            if (_records.TryGetValue((entry.Partition, entry.Id), out LinkedListNode<Record>? old))
            {
                Leave(old);
            }

            _records[(entry.Partition, entry.Id)] = _byAge.AddLast(new Record(entry.Partition, entry.Id, bytes));
            _bytes += bytes;
            while (_records.Count > _options.MaxEntries || _bytes > _options.MaxBytes)
            {
                leaving.Add(_byAge.First!.Value);
                Leave(_byAge.First);
            }
        }

        return leaving;
    }

    private void Leave(LinkedListNode<Record> record)
    {
        _byAge.Remove(record);
        _records.Remove((record.Value.Partition, record.Value.Id));
        _bytes -= record.Value.Bytes;
    }

    private void Evict(List<Record> leaving)
    {
        foreach (Record record in leaving)
        {
            if (_partitions.TryGetValue(record.Partition, out GuardedPartition? partition) && partition.Remove(record.Id))
            {
                _partitions.TryRemove(KeyValuePair.Create(record.Partition, partition));
            }
        }
    }

    private readonly record struct Record(string Partition, string Id, int Bytes);
}
