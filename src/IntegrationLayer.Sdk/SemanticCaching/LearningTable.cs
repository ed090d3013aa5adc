using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>What was learned in each partition, as long as it is among those used last.</summary>
internal sealed class LearningTable(IOptions<SemanticCacheOptions> options, RandomSource random, TimeProvider timeProvider)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<LearnerKey, LinkedListNode<(LearnerKey Key, PartitionLearning Learning)>> _table = [];
    private readonly LinkedList<(LearnerKey Key, PartitionLearning Learning)> _byUse = [];

    /// <summary>Gets what was learned in a partition, or what the prior knows.</summary>
    public PartitionLearning this[LearnerKey key]
    {
        get
        {
            lock (_gate)
            {
                if (_table.TryGetValue(key, out LinkedListNode<(LearnerKey Key, PartitionLearning Learning)>? node))
                {
                    _byUse.Remove(node);
                    _byUse.AddLast(node);
                    return node.Value.Learning;
                }

                if (_table.Count >= options.Value.MaxPartitions)
                {
                    _table.Remove(_byUse.First!.Value.Key);
                    _byUse.RemoveFirst();
                }

                var learning = new PartitionLearning(options.Value, AcceptancePrior.Embedded, random, timeProvider);
                _table[key] = _byUse.AddLast((key, learning));
                return learning;
            }
        }
    }
}
