namespace IntegrationLayer.Sdk.Usage;

/// <summary>Makes a report of records or of sums that a store has already made: what every <see cref="IUsageAnalytics"/> ends in.</summary>
/// <remarks>Not safe for concurrent use.</remarks>
public sealed class UsageReportBuilder
{
    private readonly UsageQuery _query;
    private readonly Dictionary<UsageGroup, UsageTotals> _rows = [];
    private readonly DailyCosts? _days;

    /// <summary>Begins a report.</summary>
    /// <param name="query">What it answers.</param>
    /// <exception cref="UsageQueryException">The query is out of the limits.</exception>
    public UsageReportBuilder(UsageQuery query)
    {
        UsageQueryRules.Check(query);
        _query = query;
        _days = query.ForecastTo is null ? null : new DailyCosts();
    }

    /// <summary>Adds a record, if it is in the range and passes the filters.</summary>
    /// <param name="record">The record.</param>
    /// <exception cref="UsageQueryException">The report becomes too long.</exception>
    public void Add(UsageRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.StartedAt < _query.From || record.StartedAt >= _query.To || !_query.Filters.All(filter => filter.Matches(record)))
        {
            return;
        }

        string[] values = [.. _query.GroupBy.Select(dimension => dimension.ValueOf(record))];
        Row(record.StartedAt, values).Add(record);
        _days?.Add(record.StartedAt, record.CostNanoUsd);
    }

    /// <summary>Adds sums over requests that are in the range and pass the filters.</summary>
    /// <param name="at">A moment of their time slice; of their day too, for a forecast.</param>
    /// <param name="group">Their values of <see cref="UsageQuery.GroupBy"/>.</param>
    /// <param name="totals">The sums.</param>
    /// <exception cref="UsageQueryException">The report becomes too long.</exception>
    public void Add(DateTimeOffset at, IReadOnlyList<string> group, UsageTotals totals)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(totals);
        Row(at, group).Add(totals);
        _days?.Add(at, totals.CostNanoUsd);
    }

    /// <summary>Makes the report.</summary>
    /// <param name="now">The present moment: the range's part after it counts as time to come.</param>
    /// <returns>The report.</returns>
    public UsageReport Build(DateTimeOffset now)
    {
        UsageTotals total = new();
        foreach (UsageTotals totals in _rows.Values)
        {
            total.Add(totals);
        }

        DateTimeOffset passed = now < _query.To ? now : _query.To;
        return new UsageReport
        {
            Query = _query,
            From = _query.From,
            To = _query.To,
            Rows = Rows(),
            Total = total,
            Forecast = _query.ForecastTo is { } until ? _days!.Forecast(_query.From, passed, until) : null,
        };
    }

    private UsageTotals Row(DateTimeOffset at, IReadOnlyList<string> values)
    {
        var group = new UsageGroup(UsageBuckets.StartOf(_query.Bucket, at), values);
        if (!_rows.TryGetValue(group, out UsageTotals? totals))
        {
            if (_rows.Count >= UsageQueryRules.MaxRows)
            {
                throw UsageQueryRules.TooManyRows();
            }

            _rows.Add(group, totals = new UsageTotals());
        }

        return totals;
    }

    private UsageRow[] Rows()
    {
        IEnumerable<UsageRow> rows = _query.Top is { } top ? TopRows(top) : _rows.Select(row => ToRow(row.Key, row.Value));
        return
        [
            .. rows
                .OrderBy(row => row.Start)
                .ThenBy(row => row.IsOther)
                .ThenByDescending(row => row.Totals.Value(_query.OrderBy))
                .ThenBy(row => string.Join('\0', row.Group), StringComparer.Ordinal),
        ];
    }

    private List<UsageRow> TopRows(int top)
    {
        var sums = new Dictionary<UsageGroup, long>();
        foreach ((UsageGroup group, UsageTotals totals) in _rows)
        {
            UsageGroup whole = group with { Start = default };
            sums[whole] = sums.GetValueOrDefault(whole) + totals.Value(_query.OrderBy);
        }

        HashSet<UsageGroup> best =
        [
            .. sums.OrderByDescending(sum => sum.Value).ThenBy(sum => string.Join('\0', sum.Key.Values), StringComparer.Ordinal).Take(top).Select(sum => sum.Key),
        ];
        List<UsageRow> rows = [];
        var others = new Dictionary<DateTimeOffset, UsageTotals>();
        foreach ((UsageGroup group, UsageTotals totals) in _rows)
        {
            if (best.Contains(group with { Start = default }))
            {
                rows.Add(ToRow(group, totals));
                continue;
            }

            if (!others.TryGetValue(group.Start, out UsageTotals? other))
            {
                others.Add(group.Start, other = new UsageTotals());
            }

            other.Add(totals);
        }

        string[] names = [.. _query.GroupBy.Select(_ => "other")];
        rows.AddRange(others.Select(other => ToRow(new UsageGroup(other.Key, names), other.Value) with { IsOther = true }));
        return rows;
    }

    private UsageRow ToRow(UsageGroup group, UsageTotals totals) => new()
    {
        Start = group.Start < _query.From ? _query.From : group.Start,
        Group = group.Values,
        Totals = totals,
    };
}
