using System.Collections;
using System.Collections.Concurrent;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Budgets;

/// <summary>What the ranked deployments may use at most, each reckoned when a ledger asks for it, and which limits count it.</summary>
internal sealed class RankedChoices : IReadOnlyList<BudgetChoice>
{
    // One limit for each provider or model: few, and the same ones again and again.
    private static readonly ConcurrentDictionary<(BudgetLimit, string), BudgetLimit> Expanded = new();
    private const int MaxExpanded = 10_000;

    private readonly IReadOnlyList<RankedDeployment> _ranked;
    private readonly ulong[]? _spares;

    private RankedChoices(IReadOnlyList<RankedDeployment> ranked, IReadOnlyList<BudgetLimit> limits, ulong[]? spares)
    {
        _ranked = ranked;
        Limits = limits;
        _spares = spares;
    }

    /// <summary>Gets the limits, those for each model or provider written out.</summary>
    public IReadOnlyList<BudgetLimit> Limits { get; }

    public int Count => _ranked.Count;

    public BudgetChoice this[int index]
    {
        get
        {
            BudgetChoice choice = ChoiceOf(_ranked[index]);
            return _spares is null ? choice : choice with { Spares = _spares[index] };
        }
    }

    /// <summary>Makes the choice of a deployment. An unknown price is more than any limit can pay: it is never taken for free.</summary>
    public static BudgetChoice ChoiceOf(in RankedDeployment candidate) =>
        new(new BudgetAmount(candidate.MaxCost is { Status: not PriceStatus.Unknown } cost ? cost.Usd : null, candidate.MaxTokens));

    public static RankedChoices Of(IReadOnlyList<RankedDeployment> ranked, IReadOnlyList<BudgetLimit> limits)
    {
        for (int i = 0; i < limits.Count; i++)
        {
            if (limits[i].Scope.Kind is BudgetScopeKind.Model or BudgetScopeKind.Provider)
            {
                List<BudgetLimit> all = WriteOut(ranked, limits);
                return new RankedChoices(ranked, all, SparesOf(ranked, all));
            }
        }

        return new RankedChoices(ranked, limits, null);
    }

    public IEnumerator<BudgetChoice> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static List<BudgetLimit> WriteOut(IReadOnlyList<RankedDeployment> ranked, IReadOnlyList<BudgetLimit> limits)
    {
        var all = new List<BudgetLimit>(limits.Count);
        foreach (BudgetLimit limit in limits)
        {
            if (!limit.Scope.IsEach || limit.Scope.Kind is not (BudgetScopeKind.Model or BudgetScopeKind.Provider))
            {
                all.Add(limit);
                continue;
            }

            foreach (RankedDeployment candidate in ranked)
            {
                BudgetLimit one = Expand(limit, NameOf(candidate.Deployment, limit.Scope.Kind));
                if (!all.Contains(one))
                {
                    all.Add(one);
                }
            }
        }

        return all;
    }

    private static BudgetLimit Expand(BudgetLimit limit, string name)
    {
        if (Expanded.TryGetValue((limit, name), out BudgetLimit? known))
        {
            return known;
        }

        BudgetLimit one = limit with { Scope = limit.Scope with { Name = name } };
        return Expanded.Count < MaxExpanded ? Expanded.GetOrAdd((limit, name), one) : one;
    }

    private static ulong[] SparesOf(IReadOnlyList<RankedDeployment> ranked, List<BudgetLimit> limits)
    {
        ulong[] spares = new ulong[ranked.Count];
        for (int candidate = 0; candidate < spares.Length; candidate++)
        {
            Deployment deployment = ranked[candidate].Deployment;
            for (int limit = 0; limit < limits.Count; limit++)
            {
                if (!IsOf(limits[limit].Scope, deployment))
                {
                    spares[candidate] |= 1UL << limit;
                }
            }
        }

        return spares;
    }

    private static bool IsOf(in BudgetScope scope, Deployment deployment) => scope.Kind switch
    {
        BudgetScopeKind.Provider => Same(scope.Name, deployment.Provider),
        BudgetScopeKind.Model => Same(scope.Name, deployment.Model.Model) || Same(scope.Name, deployment.ModelId),
        _ => true,
    };

    private static string NameOf(Deployment deployment, BudgetScopeKind kind) => kind is BudgetScopeKind.Provider ? deployment.Provider : deployment.Model.Model;

    private static bool Same(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);
}
