using IntegrationLayer.Sdk.Analytics.Storage;
using Npgsql;

namespace IntegrationLayer.Sdk.Analytics.Postgres;

/// <summary>The numbers of rows that many records share, made on first sight and remembered.</summary>
/// <param name="table">The table.</param>
/// <param name="columns">Its columns.</param>
/// <param name="valuesOf">A row's values.</param>
internal sealed class NumberedRows<T>(string table, IReadOnlyList<string> columns, Func<T, string[]> valuesOf)
    where T : notnull
{
    private const int MostIds = 100_000;
    private readonly Dictionary<T, long> _known = [];

    public long this[T key] => _known[key];

    /// <summary>Forgets the numbers: after a failure they may be those of another database.</summary>
    public void Clear() => _known.Clear();

    /// <summary>Makes or finds the rows that are not known yet. Outside of the batch's transaction, so that no writer waits for another one's new rows; left over, they harm nobody.</summary>
    public async Task LearnAsync(NpgsqlConnection connection, IEnumerable<T> keys, int timeout, CancellationToken cancellationToken)
    {
        if (_known.Count >= MostIds)
        {
            _known.Clear();
        }

        foreach (T key in keys)
        {
            if (!_known.ContainsKey(key))
            {
                _known.Add(key, await FindAsync(connection, valuesOf(key), timeout, cancellationToken).ConfigureAwait(false));
            }
        }
    }

    private async Task<long> FindAsync(NpgsqlConnection connection, string[] values, int timeout, CancellationToken cancellationToken)
    {
        using NpgsqlCommand command = connection.CreateCommand();
        command.CommandTimeout = timeout;
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = SeriesKey.HashOf(values) });
        foreach (string value in values)
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = value });
        }

        // Only the second one sees a row that another writer has made in the meantime.
        command.CommandText = $"INSERT INTO {table} (hash, {string.Join(", ", columns)}) VALUES ({string.Join(", ", Enumerable.Range(1, values.Length + 1).Select(i => $"${i}"))})"
            + " ON CONFLICT (hash) DO NOTHING RETURNING id";
        if (await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is long made)
        {
            return made;
        }

        using NpgsqlCommand find = connection.CreateCommand();
        find.CommandTimeout = timeout;
        find.CommandText = $"SELECT id FROM {table} WHERE hash = $1";
        find.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = SeriesKey.HashOf(values) });
        return (long)(await find.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }
}
