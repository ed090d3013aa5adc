using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Routing;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>Draws requests to where the beginning of their prompt is likely to be in the provider's prompt cache: its discount there is taken off what routing reckons with.</summary>
internal sealed class PromptCaches(TimeProvider time)
{
    // Providers keep what isn't used for 5 to 10 minutes (OpenAI), 5 minutes (Anthropic), hours (DeepSeek); an hour where the request asks for it.
    private static readonly TimeSpan UsualLifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongLifetime = TimeSpan.FromHours(1);

    private readonly PromptCacheTable _table = new(time);

    // What was sent lately, kept by anybody or not.
    private readonly PromptCacheTable _sent = new(time);

    /// <summary>Has the beginning of a request's prompt marked, if it pays. After the candidates were priced, before <see cref="Discount"/>.</summary>
    public void Mark(CostAnalysis costs)
    {
        PromptCachingMode mode = costs.Options.PromptCaching;
        if (mode is PromptCachingMode.Off || !costs.Candidates.TakesMarks || costs.ReadPrefix().Id == 0)
        {
            return;
        }

        // Who marks anything itself marks everything itself: providers take four marks at most.
        bool isWorthIt = mode is PromptCachingMode.Always || _sent.IsWarm(costs.Prefix.Id);
        if (isWorthIt && !RequestNeeds.WritesPromptCache(costs.Request))
        {
            costs.MarkPrefix();
        }
    }

    /// <summary>Takes the discount off the costs of the candidates that are likely to give it, unless they are too busy.</summary>
    /// <param name="costs">The candidates.</param>
    /// <param name="amounts">Their costs, which are changed.</param>
    public void Discount(CostAnalysis costs, Span<double> amounts)
    {
        if (!costs.Options.LoadBalancing.PromptCacheAffinity || costs.ReadPrefix().Id == 0 || _table.IsEmpty)
        {
            return;
        }

        double perWeight = 0;
        for (int i = 0; i < amounts.Length; i++)
        {
            if (SavingAt(costs, i) is var saving and > 0 && double.IsFinite(amounts[i]))
            {
                perWeight = perWeight > 0 ? perWeight : PerWeight(costs, amounts);
                amounts[i] -= IsTooBusy(costs, i, perWeight) ? 0 : Math.Min(saving, amounts[i] / 2);
            }
        }
    }

    /// <summary>Says what was expected to be saved, and where.</summary>
    /// <returns><see langword="null"/> if nothing was.</returns>
    public PromptCacheHint? Hint(CostAnalysis costs, ReadOnlySpan<int> best)
    {
        if (costs.Prefix.Id != 0 && !_table.IsEmpty)
        {
            foreach (int candidate in best)
            {
                if (SavingAt(costs, candidate) is var saving and > 0)
                {
                    return new PromptCacheHint(costs.Candidates.Deployments[candidate].Name, (decimal)saving);
                }
            }
        }

        return null;
    }

    /// <summary>Notes that a deployment has read the beginning of a request's prompt.</summary>
    public void Note(CostAnalysis costs, Deployment deployment)
    {
        if (costs.Prefix.Id == 0)
        {
            return;
        }

        if (costs.Candidates.TakesMarks)
        {
            _sent.Note(costs.Prefix.Id, UsualLifetime);
        }

        if (Keeps(costs, deployment))
        {
            _table.Note(costs.Prefix.Id, deployment, deployment.Provider is "deepseek" || RequestNeeds.KeepsPromptAnHour(costs.Request) ? LongLifetime : UsualLifetime);
        }
    }

    private double SavingAt(CostAnalysis costs, int candidate) =>
        costs.CacheSaving(candidate) is var saving and > 0 && Keeps(costs, costs.Candidates.Deployments[candidate]) && _table.IsWarm(costs.Prefix.Id, costs.Candidates.Deployments[candidate]) ? saving : 0;

    // Anthropic keeps only what is marked; the others do it by themselves.
    private static bool Keeps(CostAnalysis costs, Deployment deployment) =>
        deployment.Provider is not ("anthropic" or "bedrock") || RequestNeeds.WritesPromptCache(costs.Request) || costs.MarksPrefixFor(deployment);

    private static double PerWeight(CostAnalysis costs, ReadOnlySpan<double> amounts)
    {
        (int inFlight, double weight) = (0, 0);
        CandidateColumns columns = costs.Candidates.Columns;
        for (int i = 0; i < amounts.Length; i++)
        {
            if (double.IsFinite(amounts[i]))
            {
                inFlight += costs.Loads.Loads[columns.Indexes[i]].InFlight;
                weight += columns.Weight[i];
            }
        }

        return (inFlight + 1) / Math.Max(weight, double.Epsilon);
    }

    private static bool IsTooBusy(CostAnalysis costs, int candidate, double perWeight) =>
        Balancer.IsTooBusy(costs.Options.LoadBalancing, costs.Loads.Loads[costs.Candidates.Columns.Indexes[candidate]].InFlight, perWeight * costs.Candidates.Columns.Weight[candidate]);
}
