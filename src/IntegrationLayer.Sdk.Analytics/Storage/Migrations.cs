namespace IntegrationLayer.Sdk.Analytics.Storage;

/// <summary>The scripts that make and update the tables.</summary>
internal static class Migrations
{
    /// <summary>Gets the scripts: the one at position n brings version n to version n + 1.</summary>
    public static IReadOnlyList<Func<SqlDialect, IEnumerable<string>>> All { get; } = [First, Second];

    // Records and the sums of minutes, hours and days.
    private static IEnumerable<string> First(SqlDialect dialect)
    {
        yield return $"CREATE TABLE il_writers (id TEXT NOT NULL PRIMARY KEY, sequence {dialect.Integer} NOT NULL, seen_at {dialect.Integer} NOT NULL)";
        yield return $"CREATE TABLE il_series (id {dialect.Id}, hash {dialect.Bytes} NOT NULL UNIQUE, {Texts(SeriesKey.Columns)})";
        yield return $"CREATE TABLE il_callers (id {dialect.Id}, hash {dialect.Bytes} NOT NULL UNIQUE, {Texts(CallerKey.Columns)})";
        yield return $"CREATE TABLE il_usage (id {dialect.Id}, {string.Join(", ", RecordColumns.All.Select(column => column.Definition(dialect)))})";
        yield return "CREATE INDEX il_usage_started_at ON il_usage (started_at)";
        string counts = string.Join(", ", TotalsColumns.Counts.Select(count => $"{count.Name} {dialect.Integer} NOT NULL"));
        string histograms = string.Join(", ", TotalsColumns.Histograms.Select(histogram => $"{histogram.Name} {dialect.Bytes} NOT NULL"));
        foreach (UsageLevel level in UsageLevel.Sums)
        {
            string keys = $"bucket {dialect.Integer} NOT NULL, series {dialect.Integer} NOT NULL{(level.HasCallers ? $", caller {dialect.Integer} NOT NULL" : "")}";
            yield return $"CREATE TABLE {level.Table} ({keys}, {counts}, {histograms}, PRIMARY KEY (bucket, series{(level.HasCallers ? ", caller" : "")})){dialect.KeyedTable}";
        }
    }

    // The records with the names that they share, for people and their tools.
    private static IEnumerable<string> Second(SqlDialect dialect)
    {
        IEnumerable<string> own = RecordColumns.All.Select(column => column.Name).Except(["series", "caller", "started_at", "duration_class", "first_token_class"]);
        yield return $"CREATE VIEW il_requests AS SELECT u.id, {dialect.Moment("u.started_at")} AS started, {Of("s", SeriesKey.Columns)}, {Of("c", CallerKey.Columns)}, {Of("u", own)} "
            + "FROM il_usage u JOIN il_series s ON s.id = u.series JOIN il_callers c ON c.id = u.caller";
    }

    private static string Texts(IEnumerable<string> columns) => string.Join(", ", columns.Select(column => $"{column} TEXT NOT NULL"));

    private static string Of(string table, IEnumerable<string> columns) => string.Join(", ", columns.Select(column => $"{table}.{column}"));
}
