using System.Runtime.InteropServices;
using IntegrationLayer.Sdk.Usage;

namespace IntegrationLayer.Sdk.Analytics.Storage;

/// <summary>What a batch of records adds to each table of sums.</summary>
internal sealed class BatchSums
{
    private readonly Dictionary<SumKey, UsageTotals>[] _sums = [.. UsageLevel.Sums.Select(_ => new Dictionary<SumKey, UsageTotals>())];

    public void Add(UsageRecord record, long series, long caller)
    {
        for (int i = 0; i < _sums.Length; i++)
        {
            UsageLevel level = UsageLevel.Sums[i];
            SumKey key = new(record.StartedAt.UtcTicks / level.UnitTicks, series, level.HasCallers ? caller : 0);
            ref UsageTotals? totals = ref CollectionsMarshal.GetValueRefOrAddDefault(_sums[i], key, out _);
            totals ??= new UsageTotals();
            totals.Add(record);
        }
    }

    /// <summary>Gets what is added to a table, in the order in which rows are to be locked.</summary>
    public IEnumerable<KeyValuePair<SumKey, UsageTotals>> Of(int level) => _sums[level].OrderBy(sum => sum.Key);
}
