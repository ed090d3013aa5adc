using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Resilience;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>How the candidates of one request were when it was decided on, and why some were not to be called.</summary>
internal sealed class HealthSurvey : IRejectionReport
{
    // Below it, looking at each candidate is quicker than looking for the marked ones.
    private const int SmallSet = 128;

    private readonly CostAnalysis _costs;
    private readonly HealthTable _health;
    private readonly List<(int Position, Availability Availability)> _own = [];
    private readonly List<(AccountHealth Account, Availability Availability, bool IsOfShare)> _accounts = [];

    private HealthSurvey(CostAnalysis costs, HealthTable health)
    {
        _costs = costs;
        _health = health;
    }

    /// <summary>Gets how many candidates are not to be called before any other.</summary>
    public int OutCount { get; private set; }

    /// <summary>Gets a value indicating whether some candidate could be back any moment: when a trial or another call ends.</summary>
    public bool IsAnyMoment { get; private set; }

    /// <summary>Gets when the first of the candidates that were set aside is expected back, if that is known.</summary>
    public DateTimeOffset? BackAt { get; private set; }

    /// <summary>Looks at the candidates that are marked.</summary>
    /// <param name="costs">The candidates.</param>
    /// <param name="health">Their health.</param>
    /// <param name="amounts">Their costs; infinity for those that can't serve the request, which aren't looked at.</param>
    /// <param name="standings">Receives how each may be called; all are well before.</param>
    /// <param name="random">Decides which requests are of the share that a candidate gets.</param>
    public static HealthSurvey Of(CostAnalysis costs, HealthTable health, ReadOnlySpan<double> amounts, Span<Standing> standings, RandomSource random)
    {
        var survey = new HealthSurvey(costs, health);
        int[] indexes = costs.Candidates.Columns.Indexes;
        ReadOnlySpan<int> marks = health.Marks;
        if (indexes.Length <= SmallSet)
        {
            for (int i = 0; i < indexes.Length; i++)
            {
                if (marks[indexes[i]] != 0 && double.IsFinite(amounts[i]))
                {
                    standings[i] = survey.Look(i, indexes[i], random);
                }
            }

            return survey;
        }

        int index = 0;
        while (marks[index..].IndexOfAnyExcept(0) is var ahead and >= 0)
        {
            index += ahead;
            if (Array.BinarySearch(indexes, index) is var at and >= 0 && double.IsFinite(amounts[at]))
            {
                standings[at] = survey.Look(at, index, random);
            }

            index++;
        }

        return survey;
    }

    /// <summary>Lets those that recover serve after all: a recovery is spared traffic that others can take.</summary>
    public void WaiveRecovery(Span<Standing> standings)
    {
        OutCount -= standings.Count(Standing.Recovering);
        standings.Replace(Standing.Recovering, Standing.Well);
        _own.RemoveAll(o => o.Availability.Verdict.State is HealthState.Recovering);
        _accounts.RemoveAll(a => a.Availability.Verdict.State is HealthState.Recovering);
    }

    /// <inheritdoc/>
    public IReadOnlyList<RejectedDeployment> Explain()
    {
        List<RejectedDeployment> rejected = [.. _costs.Explain()];
        var named = rejected.Select(r => r.Deployment).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Deployment[] candidates = _costs.Candidates.Deployments;
        rejected.AddRange(_own.Select(o => new RejectedDeployment(candidates[o.Position].Name, o.Availability.ToString())));
        if (_accounts.Count > 0)
        {
            foreach (Deployment candidate in candidates.Where(c => !named.Contains(c.Name)))
            {
                int account = _accounts.FindIndex(a => a.Account == _health[candidate.Index].Account);
                if (account >= 0 && !_accounts[account].IsOfShare)
                {
                    rejected.Add(new RejectedDeployment(candidate.Name, _accounts[account].Availability.ToString()));
                }
            }
        }

        return rejected;
    }

    private Standing Look(int position, int index, RandomSource random)
    {
        Standing standing = LookAtHealth(position, index, random);
        return standing <= Standing.Behind && _health.IsShort(index, _costs.RateTokens(position)) ? Standing.Short : standing;
    }

    private Standing LookAtHealth(int position, int index, RandomSource random)
    {
        DeploymentHealth deployment = _health[index];
        Availability availability = default;
        if (deployment.Account.Breaker.IsClear || OfAccount(deployment.Account, random, out availability))
        {
            availability = _health.Examine(index);
            if (IsOfShare(availability, random))
            {
                return Standing.Well;
            }

            if (availability.Verdict.State is HealthState.Degraded && availability.Limit is null)
            {
                return Standing.Behind;
            }

            _own.Add((position, availability));
            Expect(availability);
        }

        OutCount++;
        return !availability.MayBeLastResort ? Standing.Out : availability.Verdict.State switch
        {
            HealthState.Recovering => Standing.Recovering,
            HealthState.HalfOpen => Standing.OnTrial,
            HealthState.Cooling => Standing.Resting,
            _ => Standing.Paused,
        };
    }

    // All deployments of an account share its verdict, which is asked for once; and the dice, which are thrown once.
    private bool OfAccount(AccountHealth account, RandomSource random, out Availability availability)
    {
        foreach ((AccountHealth Account, Availability Availability, bool IsOfShare) known in _accounts)
        {
            if (known.Account == account)
            {
                availability = known.Availability;
                return known.IsOfShare;
            }
        }

        availability = new Availability(account.Breaker.Examine(), account.Breaker.Name);
        bool isOfShare = IsOfShare(availability, random);
        _accounts.Add((account, availability, isOfShare));
        if (!isOfShare)
        {
            Expect(availability);
        }

        return isOfShare;
    }

    private static bool IsOfShare(in Availability availability, RandomSource random) =>
        availability.Share >= 1 || (availability.Share > 0 && random.NextPositive() <= availability.Share);

    private void Expect(in Availability availability)
    {
        IsAnyMoment |= availability.Limit is not null || availability.Verdict.State is HealthState.HalfOpen;
        if (availability.Limit is null && availability.Verdict.Until is { } until && !(BackAt <= until))
        {
            BackAt = until;
        }
    }
}
