using System.Runtime.CompilerServices;
using IntegrationLayer.Sdk.Analytics.Storage;
using IntegrationLayer.Sdk.Usage;
using Npgsql;

namespace IntegrationLayer.Sdk.Analytics.Postgres;

/// <summary>Adds sums to the rows of one table.</summary>
/// <remarks>
/// PostgreSQL puts the parts of a histogram one behind the other, which adds them up as well. Rows in which they have become long are handed back, still
/// locked, and get them in short. All writers lock rows in the same order, so they wait for one another in turn.
/// </remarks>
internal sealed class SumsWriter
{
    private const int LongHistogram = 4_096;

    private readonly UsageLevel _level;
    private readonly string _add;
    private readonly string _shorten;

    public SumsWriter(UsageLevel level)
    {
        _level = level;
        string[] keys = level.HasCallers ? ["bucket", "series", "caller"] : ["bucket", "series"];
        string[] counts = [.. TotalsColumns.Counts.Select(count => count.Name)];
        string[] histograms = [.. TotalsColumns.Histograms.Select(histogram => histogram.Name)];
        string[] all = [.. keys, .. counts, .. histograms];
        _add = $"WITH put AS (INSERT INTO {level.Table} AS t ({string.Join(", ", all)})"
            + $" SELECT * FROM unnest({string.Join(", ", all.Select((_, i) => $"${i + 1}"))}) ORDER BY {string.Join(", ", keys.Select((_, i) => i + 1))}"
            + $" ON CONFLICT ({string.Join(", ", keys)}) DO UPDATE SET {string.Join(", ", counts.Select(name => $"{name} = t.{name} + excluded.{name}"))}, "
            + string.Join(", ", histograms.Select(name => $"{name} = t.{name} || excluded.{name}"))
            + $" RETURNING {string.Join(", ", [.. keys, .. histograms])})"
            + $" SELECT * FROM put WHERE {string.Join(" + ", histograms.Select(name => $"octet_length({name})"))} > {LongHistogram}";
        _shorten = $"UPDATE {level.Table} SET {string.Join(", ", histograms.Select((name, i) => $"{name} = ${i + 1}"))}"
            + $" WHERE {string.Join(" AND ", keys.Select((name, i) => $"{name} = ${histograms.Length + i + 1}"))}";
    }

    /// <summary>Adds the sums, in a transaction that the caller has begun.</summary>
    public async Task AddAsync(NpgsqlConnection connection, IReadOnlyList<KeyValuePair<SumKey, UsageTotals>> sums, int timeout, CancellationToken cancellationToken)
    {
        var rows = new List<(long[] Keys, byte[][] Histograms)>();
        using (NpgsqlCommand add = Command(connection, _add, timeout))
        {
            Fill(add.Parameters, sums);
            NpgsqlDataReader reader = await add.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using ConfiguredAsyncDisposable reading = reader.ConfigureAwait(false);
            int keys = _level.HasCallers ? 3 : 2;
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                rows.Add(([.. Enumerable.Range(0, keys).Select(reader.GetInt64)], [.. Enumerable.Range(keys, 2).Select(reader.GetFieldValue<byte[]>)]));
            }
        }

        foreach ((long[] keys, byte[][] histograms) in rows)
        {
            using NpgsqlCommand shorten = Command(connection, _shorten, timeout);
            foreach (byte[] bytes in histograms)
            {
                LatencyHistogram histogram = new();
                histogram.Add(bytes);
                shorten.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = histogram.ToBytes() });
            }

            foreach (long key in keys)
            {
                shorten.Parameters.Add(new NpgsqlParameter<long> { TypedValue = key });
            }

            await shorten.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    // One parameter for each column, which holds the column's values of all rows.
    private void Fill(NpgsqlParameterCollection parameters, IReadOnlyList<KeyValuePair<SumKey, UsageTotals>> sums)
    {
        AddNumbers(sum => sum.Key.Bucket);
        AddNumbers(sum => sum.Key.Series);
        if (_level.HasCallers)
        {
            AddNumbers(sum => sum.Key.Caller);
        }

        long[][] counts = [.. sums.Select(sum => TotalsColumns.Values(sum.Value))];
        for (int i = 0; i < TotalsColumns.Counts.Count; i++)
        {
            parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. counts.Select(row => row[i])] });
        }

        parameters.Add(new NpgsqlParameter<byte[][]> { TypedValue = [.. sums.Select(sum => sum.Value.Duration.ToBytes())] });
        parameters.Add(new NpgsqlParameter<byte[][]> { TypedValue = [.. sums.Select(sum => sum.Value.TimeToFirstToken.ToBytes())] });

        void AddNumbers(Func<KeyValuePair<SumKey, UsageTotals>, long> number) =>
            parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. sums.Select(number)] });
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string text, int timeout) => new(text, connection) { CommandTimeout = timeout };
}
