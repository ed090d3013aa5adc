using IntegrationLayer.Sdk.Analytics.Journal;
using IntegrationLayer.Sdk.Analytics.Storage;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Data.Sqlite;

namespace IntegrationLayer.Sdk.Analytics.Sqlite;

/// <summary>Writes batches over one connection. Not safe for concurrent use.</summary>
internal sealed class SqliteWriter : IDisposable
{
    private const int MostIds = 100_000;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<SeriesKey, long> _series = [];
    private readonly Dictionary<CallerKey, long> _callers = [];
    private readonly SqliteStatement _readSequence;
    private readonly SqliteStatement _writeSequence;
    private readonly SqliteStatement _insertRecord;
    private readonly SqliteStatement[] _addSums;

    public SqliteWriter(SqliteConnection connection)
    {
        _connection = connection;
        SqliteFunctions.Register(connection);
        _readSequence = new SqliteStatement(connection, "SELECT sequence FROM il_writers WHERE id = ?");
        _writeSequence = new SqliteStatement(
            connection,
            "INSERT INTO il_writers (id, sequence, seen_at) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence, seen_at = excluded.seen_at");
        _insertRecord = new SqliteStatement(
            connection, $"INSERT INTO il_usage ({string.Join(", ", RecordColumns.All.Select(column => column.Name))}) VALUES ({Marks(RecordColumns.All.Count)})");
        _addSums = [.. UsageLevel.Sums.Select(level => new SqliteStatement(connection, Upsert(level)))];
    }

    /// <summary>Writes what the database doesn't have yet of a batch.</summary>
    public void Write(UsageBatch batch, DateTimeOffset now)
    {
        try
        {
            using SqliteTransaction transaction = _connection.BeginTransaction(deferred: false);
            _readSequence.Text(batch.WriterId);
            long taken = _readSequence.Find() ?? 0;
            WriteRecords(batch.After(taken));
            if (batch.LastSequence > taken)
            {
                _writeSequence.Text(batch.WriterId);
                _writeSequence.Integer(batch.LastSequence);
                _writeSequence.Integer(now.UtcTicks);
                _writeSequence.Run();
            }

            transaction.Commit();
        }
        catch
        {
            // Rows that were numbered in a transaction that failed don't exist.
            _series.Clear();
            _callers.Clear();
            foreach (SqliteStatement statement in Statements)
            {
                statement.Reset();
            }

            throw;
        }
    }

    /// <summary>Forgets up to where a journal was taken.</summary>
    public void Forget(Guid writer)
    {
        using var delete = new SqliteStatement(_connection, "DELETE FROM il_writers WHERE id = ?");
        delete.Text(writer.ToString("N"));
        delete.Run();
    }

    public void Dispose()
    {
        foreach (SqliteStatement statement in Statements)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    private IEnumerable<SqliteStatement> Statements => [_readSequence, _writeSequence, _insertRecord, .. _addSums];

    private static string Upsert(UsageLevel level)
    {
        string[] keys = level.HasCallers ? ["bucket", "series", "caller"] : ["bucket", "series"];
        string[] counts = [.. TotalsColumns.Counts.Select(count => count.Name)];
        string[] histograms = [.. TotalsColumns.Histograms.Select(histogram => histogram.Name)];
        return $"INSERT INTO {level.Table} ({string.Join(", ", [.. keys, .. counts, .. histograms])}) VALUES ({Marks(keys.Length + counts.Length + histograms.Length)})"
            + $" ON CONFLICT ({string.Join(", ", keys)}) DO UPDATE SET {string.Join(", ", counts.Select(name => $"{name} = {name} + excluded.{name}"))}, "
            + string.Join(", ", histograms.Select(name => $"{name} = {SqliteFunctions.Merge}({name}, excluded.{name})"));
    }

    private static string Marks(int count) => string.Join(", ", Enumerable.Repeat("?", count));

    private void WriteRecords(IEnumerable<JournalEntry> entries)
    {
        var sums = new BatchSums();
        foreach (JournalEntry entry in entries)
        {
            long series = IdOf(_series, SeriesKey.Of(entry.Record), "il_series", SeriesKey.Columns, static key => key.Values);
            long caller = IdOf(_callers, CallerKey.Of(entry.Record), "il_callers", CallerKey.Columns, static key => key.Values);
            RecordColumns.Write(entry.Record, series, caller, _insertRecord);
            _insertRecord.Run();
            sums.Add(entry.Record, series, caller);
        }

        for (int level = 0; level < _addSums.Length; level++)
        {
            foreach ((SumKey key, UsageTotals totals) in sums.Of(level))
            {
                AddSums(_addSums[level], UsageLevel.Sums[level], key, totals);
            }
        }
    }

    private static void AddSums(SqliteStatement statement, UsageLevel level, SumKey key, UsageTotals totals)
    {
        statement.Integer(key.Bucket);
        statement.Integer(key.Series);
        if (level.HasCallers)
        {
            statement.Integer(key.Caller);
        }

        foreach (long count in TotalsColumns.Values(totals))
        {
            statement.Integer(count);
        }

        statement.Blob(totals.Duration.ToBytes());
        statement.Blob(totals.TimeToFirstToken.ToBytes());
        statement.Run();
    }

    private long IdOf<T>(Dictionary<T, long> known, T key, string table, IReadOnlyList<string> columns, Func<T, string[]> valuesOf)
        where T : notnull
    {
        if (known.TryGetValue(key, out long id))
        {
            return id;
        }

        string[] values = valuesOf(key);
        byte[] hash = SeriesKey.HashOf(values);
        using (var insert = new SqliteStatement(_connection, $"INSERT INTO {table} (hash, {string.Join(", ", columns)}) VALUES ({Marks(columns.Count + 1)}) ON CONFLICT (hash) DO NOTHING"))
        {
            insert.Blob(hash);
            foreach (string value in values)
            {
                insert.Text(value);
            }

            insert.Run();
        }

        using var find = new SqliteStatement(_connection, $"SELECT id FROM {table} WHERE hash = ?");
        find.Blob(hash);
        id = find.Find()!.Value;
        if (known.Count >= MostIds)
        {
            known.Clear();
        }

        known.Add(key, id);
        return id;
    }
}
