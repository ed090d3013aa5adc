namespace IntegrationLayer.Sdk.Budgets;

/// <summary>A limit, where it is counted, and which of its thresholds were reported. Guarded by the counter's lock.</summary>
internal sealed class CountedLimit
{
    private readonly IReadOnlyList<int> _thresholds;
    private readonly bool _isSoft;
    private long _era = long.MinValue;
    private int _reported;
    private long _next;

    public CountedLimit(BudgetLimit limit, BudgetCounter counter)
    {
        Limit = limit;
        Counter = counter;
        Count = limit.Count;
        Unit = limit.Unit;
        _isSoft = limit.IsSoft;
        _thresholds = limit.Reported;
        _next = Next();
    }

    public BudgetLimit Limit { get; }

    public BudgetCounter Counter { get; }

    /// <summary>Gets what is counted.</summary>
    public BudgetUnit Unit { get; }

    /// <summary>Gets the most that may be counted.</summary>
    public long Count { get; }

    /// <summary>Gets a value indicating whether thresholds have been reached that were not reported in this window.</summary>
    public bool HasNews => Counter.Used >= _next || (_reported > 0 && Counter.Era != _era);

    public BudgetUsage Usage => new(Limit, Limit.AmountOf(Counter.Used), Limit.AmountOf(Counter.Held)) { ResetsAt = Counter.ResetsAt };

    /// <summary>Tells whether a call fits; one of unknown price never does.</summary>
    public bool Affords(long count) => _isSoft || (count >= 0 && count <= Count - Counter.Used - Counter.Held);

    /// <summary>Takes the thresholds that were reached and not yet reported.</summary>
    public void TakeNews(List<BudgetEvent> news, DateTimeOffset now)
    {
        if (Counter.Era != _era)
        {
            (_era, _reported) = (Counter.Era, 0);
        }

        for (; _reported < _thresholds.Count && Counter.Used >= Limit.Threshold(_reported); _reported++)
        {
            news.Add(new BudgetEvent(BudgetEventKind.ThresholdReached, Limit, now)
            {
                Threshold = _thresholds[_reported],
                Used = Limit.AmountOf(Counter.Used),
            });
        }

        _next = Next();
    }

    private long Next() => _reported < _thresholds.Count ? Limit.Threshold(_reported) : long.MaxValue;
}
