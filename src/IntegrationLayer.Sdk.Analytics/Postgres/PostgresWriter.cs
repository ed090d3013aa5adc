using System.Runtime.CompilerServices;
using IntegrationLayer.Sdk.Analytics.Journal;
using IntegrationLayer.Sdk.Analytics.Storage;
using Npgsql;

namespace IntegrationLayer.Sdk.Analytics.Postgres;

/// <summary>Writes batches: records by COPY, sums by an upsert for each table. Not safe for concurrent use.</summary>
internal sealed class PostgresWriter(int timeout)
{
    private static readonly string Copy = $"COPY il_usage ({string.Join(", ", RecordColumns.All.Select(column => column.Name))}) FROM STDIN (FORMAT BINARY)";

    private readonly NumberedRows<SeriesKey> _series = new("il_series", SeriesKey.Columns, static key => key.Values);
    private readonly NumberedRows<CallerKey> _callers = new("il_callers", CallerKey.Columns, static key => key.Values);
    private readonly SumsWriter[] _sums = [.. UsageLevel.Sums.Select(level => new SumsWriter(level))];

    /// <summary>Writes what the database doesn't have yet of a batch.</summary>
    public async Task WriteAsync(NpgsqlConnection connection, UsageBatch batch, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            await _series.LearnAsync(connection, batch.Entries.Select(entry => SeriesKey.Of(entry.Record)), timeout, cancellationToken).ConfigureAwait(false);
            await _callers.LearnAsync(connection, batch.Entries.Select(entry => CallerKey.Of(entry.Record)), timeout, cancellationToken).ConfigureAwait(false);
            NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            await using ConfiguredAsyncDisposable ending = transaction.ConfigureAwait(false);
            JournalEntry[] entries = [.. batch.After(await TakenAsync(connection, batch, now, cancellationToken).ConfigureAwait(false))];
            if (entries.Length > 0)
            {
                BatchSums sums = await CopyAsync(connection, entries, cancellationToken).ConfigureAwait(false);
                for (int i = 0; i < _sums.Length; i++)
                {
                    await _sums[i].AddAsync(connection, [.. sums.Of(i)], timeout, cancellationToken).ConfigureAwait(false);
                }

                await NoteAsync(connection, batch, now, cancellationToken).ConfigureAwait(false);
            }

            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _series.Clear();
            _callers.Clear();
            throw;
        }
    }

    // Locks the writer's row, even if it is new: a batch that was given before and is just being committed is waited for, not written again.
    private async Task<long> TakenAsync(NpgsqlConnection connection, UsageBatch batch, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using NpgsqlCommand command = connection.CreateCommand();
        command.CommandTimeout = timeout;
        command.CommandText = "INSERT INTO il_writers AS w (id, sequence, seen_at) VALUES ($1, 0, $2) ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at RETURNING w.sequence";
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = batch.WriterId });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = now.UtcTicks });
        return (long)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }

    private async Task NoteAsync(NpgsqlConnection connection, UsageBatch batch, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using NpgsqlCommand command = connection.CreateCommand();
        command.CommandTimeout = timeout;
        command.CommandText = "UPDATE il_writers SET sequence = $2, seen_at = $3 WHERE id = $1";
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = batch.WriterId });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = batch.LastSequence });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = now.UtcTicks });
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<BatchSums> CopyAsync(NpgsqlConnection connection, JournalEntry[] entries, CancellationToken cancellationToken)
    {
        var sums = new BatchSums();
        NpgsqlBinaryImporter importer = await connection.BeginBinaryImportAsync(Copy, cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable ending = importer.ConfigureAwait(false);
        importer.Timeout = TimeSpan.FromSeconds(timeout);
        var row = new CopyWriter(importer);
        foreach (JournalEntry entry in entries)
        {
            long series = _series[SeriesKey.Of(entry.Record)];
            long caller = _callers[CallerKey.Of(entry.Record)];
            await importer.StartRowAsync(cancellationToken).ConfigureAwait(false);
            RecordColumns.Write(entry.Record, series, caller, row);
            sums.Add(entry.Record, series, caller);
        }

        await importer.CompleteAsync(cancellationToken).ConfigureAwait(false);
        return sums;
    }
}
