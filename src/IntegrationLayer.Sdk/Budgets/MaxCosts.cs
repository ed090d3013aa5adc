using System.Collections;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Budgets;

/// <summary>What the ranked deployments may cost at most, in US dollars, each reckoned when a ledger asks for it.</summary>
internal sealed class MaxCosts(IReadOnlyList<RankedDeployment> ranked) : IReadOnlyList<decimal>
{
    public int Count => ranked.Count;

    // An unknown price is more than any limit can pay: it is never taken for free.
    public decimal this[int index] => ranked[index].MaxCost is { Status: not PriceStatus.Unknown } cost ? cost.Usd : decimal.MaxValue;

    public IEnumerator<decimal> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
