using System.Globalization;
using IntegrationLayer.Sdk.Usage;

namespace IntegrationLayer.Sdk.Analytics.Storage;

/// <summary>The statement that sums one part of a query up. Its rows are a time slice, the group's values, and the sums.</summary>
internal sealed class QueryStatement
{
    private readonly List<(string Name, object Value)> _parameters = [];
    private readonly SqlDialect _dialect;
    private readonly long _slice;
    private readonly long _from;

    public QueryStatement(UsageQuery query, QueryPart part, SqlDialect dialect)
    {
        _dialect = dialect;
        _slice = SliceOf(query);
        _from = part.From;
        UsageLevel level = part.Level;
        string time = $"u.{level.Column}";
        string slice = _slice == 0 ? "0" : string.Create(CultureInfo.InvariantCulture, $"{time} / {_slice / level.UnitTicks}");
        string[] values = [.. query.GroupBy.Select(Value)];
        string[] conditions =
        [
            $"{time} >= {Parameter(part.From / level.UnitTicks)} AND {time} < {Parameter(part.To / level.UnitTicks)}",
            .. query.Filters.Select(Condition),
        ];

        // By position: a tag's value must not appear as two different parameters.
        string[] groups = [.. Enumerable.Range(_slice == 0 ? 2 : 1, values.Length + (_slice == 0 ? 0 : 1)).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        Text = $"SELECT {string.Join(", ", [slice, .. values, .. TotalsColumns.Expressions(level, dialect)])} FROM {level.Table} u"
            + " JOIN il_series s ON s.id = u.series"
            + (level.HasCallers ? " JOIN il_callers c ON c.id = u.caller" : "")
            + $" WHERE {string.Join(" AND ", conditions)}"
            + (groups.Length == 0 ? "" : $" GROUP BY {string.Join(", ", groups)}");
    }

    public string Text { get; }

    public IReadOnlyList<(string Name, object Value)> Parameters => _parameters;

    /// <summary>Gets a moment of the time slice of a row.</summary>
    public long TicksOf(long slice) => _slice == 0 ? _from : slice * _slice;

    // Weeks and months are put together of days; so is what a forecast needs.
    private static long SliceOf(UsageQuery query) => query.Bucket switch
    {
        UsageBucket.Minute => TimeSpan.TicksPerMinute,
        UsageBucket.Hour => TimeSpan.TicksPerHour,
        UsageBucket.Total when query.ForecastTo is null => 0,
        _ => TimeSpan.TicksPerDay,
    };

    private string Condition(UsageFilter filter) => $"{Value(filter.Dimension)} IN ({string.Join(", ", filter.Values.Select(Parameter))})";

    private string Value(UsageDimension dimension)
    {
        if (dimension.TagKey is { } key)
        {
            return $"COALESCE({_dialect.Tag(Parameter(key))}, '')";
        }

        return dimension == UsageDimension.User ? "c.user_id" : dimension == UsageDimension.Key ? "c.key_id" : $"s.{dimension.Name}";
    }

    // What the journal made of a text that databases can't hold is what is looked for.
    private string Parameter(string value) => Parameter((object)StorableText.Of(value));

    private string Parameter(object value)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"@p{_parameters.Count}");
        _parameters.Add((name, value));
        return name;
    }
}
