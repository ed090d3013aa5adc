using System.Collections;
using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>
/// The ranked deployments with smaller caps on the answer for when money is short: behind each, the same one with the cap that answers turned out to need; behind all, if the policy
/// is to shrink, every one with its cap halved, and again, down to the smallest. Each is reckoned when a ledger asks for it.
/// </summary>
internal sealed class ReducedChoices(RankedChoices full, IReadOnlyList<RankedDeployment> ranked, CostAnalysis costs, OutputCaps caps) : IReadOnlyList<BudgetChoice>
{
    // A sixteenth of the cap, at most.
    private const int MostHalvings = 4;

    private readonly int _variants = costs.Request.Options?.MaxOutputTokens is null ? 2 : 1;

    // What is learned meanwhile must not change a choice that was granted. Zero stands for not looked up.
    private int[]? _learned;

    public int Count => (ranked.Count * _variants) + (costs.Options.Budgets.WhenShort is BudgetShortagePolicy.Shrink ? ranked.Count * MostHalvings : 0);

    public BudgetChoice this[int index] => TargetOf(index, out int position) is { IsCapReduced: true } target
        ? RankedChoices.ChoiceOf(target) with { Spares = full[position].Spares }
        : full[position];

    /// <summary>Tells whether there can be smaller caps for a request.</summary>
    public static bool MayHelp(CostAnalysis costs, OutputCaps caps) => costs.Request.Kind is ModelKind.Chat && costs.Options.Budgets.WhenShort switch
    {
        BudgetShortagePolicy.Shrink => true,
        BudgetShortagePolicy.LearnedCap => costs.Request.Options?.MaxOutputTokens is null && caps.HasAny,
        _ => false,
    };

    /// <summary>Gets the deployment of a choice, with the cap that it was reckoned with.</summary>
    /// <param name="choice">The choice.</param>
    /// <param name="position">Receives the deployment's position in the ranking.</param>
    public RankedDeployment TargetOf(int choice, out int position)
    {
        int halving = choice - (ranked.Count * _variants);
        position = halving < 0 ? choice / _variants : halving % ranked.Count;
        RankedDeployment target = ranked[position];
        int cap = halving >= 0 ? Math.Max(target.MaxOutputTokens >> ((halving / ranked.Count) + 1), costs.Options.Budgets.MinOutputTokens)
            : choice % _variants == 0 ? target.MaxOutputTokens
            : LearnedCap(position, target);
        return cap < target.MaxOutputTokens ? costs.Reduce(target, cap) : target;
    }

    public IEnumerator<BudgetChoice> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int LearnedCap(int position, in RankedDeployment target)
    {
        ref int cap = ref (_learned ??= new int[ranked.Count])[position];
        return cap != 0 ? cap : cap = caps.CapFor(costs.Request.Context.Operation, target.Deployment) ?? target.MaxOutputTokens;
    }
}
