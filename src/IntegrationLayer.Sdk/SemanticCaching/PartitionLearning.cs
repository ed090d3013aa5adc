namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>What is learned in one partition: how common words are, which answers turn out to be right, how large a risk may be taken. Safe for concurrent use.</summary>
internal sealed class PartitionLearning
{
    // Equal questions differ in nothing that the SDK knows of.
    private const double RiskOfIdentical = 0.001;

    private const double TighterBy = 0.5;
    private const double Tightest = 0.125;

    private static readonly TimeSpan TimeOut = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly WordFrequencies _frequencies = new();
    private readonly AcceptanceModel _model;
    private readonly AcceptanceModel _calibration = new(RiskCalibration.Prior);
    private readonly ErrorBudget _budget;
    private readonly ShadowPlan _shadows;
    private readonly FalseHitMonitor _monitor;
    private readonly TimeProvider _timeProvider;
    private DateTimeOffset _disabledUntil;

    /// <summary>Creates what knows only what the prior knows.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="prior">The prior.</param>
    /// <param name="random">Chooses what is checked.</param>
    /// <param name="timeProvider">The clock.</param>
    public PartitionLearning(SemanticCacheOptions options, AcceptancePrior prior, RandomSource random, TimeProvider timeProvider)
    {
        _model = new AcceptanceModel(prior);
        _budget = new ErrorBudget(options.MaxFalseHitRate, 1 - options.MinConfidence);
        _shadows = new ShadowPlan(options.ShadowRate, random);
        _monitor = new FalseHitMonitor(options.MaxFalseHitRate);
        _timeProvider = timeProvider;
    }

    /// <summary>Gets what is known of the answers that were given.</summary>
    public PartitionHealth Health
    {
        get
        {
            lock (_gate)
            {
                (long isChecked, long isFalse) = _monitor.Totals;
                return new PartitionHealth(_budget.Limit, _budget.Tightness, isChecked, isFalse, _monitor.Bounds.Upper, IsDisabled ? _disabledUntil : null);
            }
        }
    }

    private bool IsDisabled => _disabledUntil > _timeProvider.GetUtcNow();

    /// <summary>Weighs the neighbours of a question.</summary>
    public Verdict? Weigh(Question asked, ReadOnlySpan<Neighbour> neighbours)
    {
        lock (_gate)
        {
            return NeighbourVote.Weigh(asked, neighbours, _frequencies);
        }
    }

    /// <summary>Decides whether an answer is given.</summary>
    public Judgement Judge(Question asked, Verdict? verdict)
    {
        lock (_gate)
        {
            if (verdict is not { } found)
            {
                _budget.CountNone();
                return new Judgement(false, 1, ShadowCheck.None);
            }

            double risk = RiskOf(found);
            bool isAccepted = found.IsIdentical || (risk <= _budget.Limit && !IsDisabled);
            _budget.Count(risk);
            if (!isAccepted)
            {
                return new Judgement(false, risk, ShadowCheck.None);
            }

            _monitor.Count(isWeighed: !found.IsIdentical);
            if (found.IsIdentical)
            {
                _shadows.CountCertain();
                return new Judgement(true, risk, ShadowCheck.None);
            }

            return new Judgement(true, risk, _shadows.Choose(asked.Canonical, risk));
        }
    }

    /// <summary>Counts an answer to exactly the same request.</summary>
    public void CountExact()
    {
        lock (_gate)
        {
            _budget.CountExact();
            _shadows.CountCertain();
            _monitor.Count(isWeighed: false);
        }
    }

    /// <summary>Learns a question that the model was asked, and whether the answer that was found for it was the same.</summary>
    /// <param name="asked">The question.</param>
    /// <param name="verdict">What was found.</param>
    /// <param name="isRight">Whether it was right; without meaning if nothing was found.</param>
    /// <param name="check">Why the model was asked although an answer was given.</param>
    /// <returns>What that asks for, and was done.</returns>
    public FalseHitAlarm Learn(Question asked, Verdict? verdict, bool isRight, ShadowCheck check)
    {
        lock (_gate)
        {
            _frequencies.Add(asked);
            Learn(verdict, isRight);
            return check is ShadowCheck.Sample ? React(_monitor.Check(isRight)) : FalseHitAlarm.None;
        }
    }

    /// <summary>Learns that an answer that was given was wrong.</summary>
    public void LearnRejection(Verdict verdict)
    {
        lock (_gate)
        {
            Learn(verdict, isRight: false);
        }
    }

    private void Learn(Verdict? verdict, bool isRight)
    {
        if (verdict is not { Features: { } features })
        {
            return;
        }

        double risk = _model.RiskOf(features);
        if (risk < RiskCalibration.Largest)
        {
            _calibration.Learn(RiskCalibration.FeaturesOf(risk), isRight);
        }

        _model.Learn(features, isRight);
    }

    private FalseHitAlarm React(FalseHitAlarm alarm)
    {
        switch (alarm)
        {
            case FalseHitAlarm.Relax:
                _budget.Tightness = Math.Min(1, _budget.Tightness / TighterBy);
                break;
            case FalseHitAlarm.Tighten:
                _budget.Tightness = Math.Max(Tightest, _budget.Tightness * TighterBy);
                break;
            case FalseHitAlarm.Disable:
                _budget.Tightness = Math.Max(Tightest, _budget.Tightness * TighterBy);
                _disabledUntil = _timeProvider.GetUtcNow() + TimeOut;
                break;
        }

        return alarm;
    }

    private double RiskOf(in Verdict verdict) => verdict.IsIdentical
        ? RiskOfIdentical
        : _calibration.RiskOf(RiskCalibration.FeaturesOf(_model.RiskOf(verdict.Features)));
}
