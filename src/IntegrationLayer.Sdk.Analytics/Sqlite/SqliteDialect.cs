using IntegrationLayer.Sdk.Analytics.Storage;

namespace IntegrationLayer.Sdk.Analytics.Sqlite;

/// <summary>SQLite's language, with the functions of <see cref="SqliteFunctions"/>.</summary>
internal sealed class SqliteDialect : SqlDialect
{
    public static SqliteDialect Instance { get; } = new();

    public override string Id => "INTEGER PRIMARY KEY";

    public override string Integer => "INTEGER";

    public override string SmallInteger => "INTEGER";

    public override string Real => "REAL";

    public override string Bytes => "BLOB";

    public override string KeyedTable => " WITHOUT ROWID";

    // A transaction that writes begins with the lock.
    public override string? LockSchema => null;

    public override string Moment(string ticks) => $"strftime('%Y-%m-%d %H:%M:%f', ({ticks} - 621355968000000000) / 10000000.0, 'unixepoch')";

    // A path would have to quote the key.
    public override string Tag(string key) => $"(SELECT t.value FROM json_each(u.tags) t WHERE t.key = {key})";

    public override string CountClasses(string classes) => $"{SqliteFunctions.CountClasses}({classes})";

    public override string MergeHistograms(string histograms) => $"{SqliteFunctions.MergeHistograms}({histograms})";
}
