using System.Data.Common;
using System.Globalization;

namespace IntegrationLayer.Sdk.Analytics.Storage;

/// <summary>Deletes what is too old, in small steps, so that nobody waits long for it.</summary>
internal sealed class Pruning(DbConnection connection, TimeSpan timeout)
{
    private const int Step = 10_000;

    /// <summary>Deletes what a table has from before a moment. Queries know first that it is gone.</summary>
    public async Task RunAsync(UsageLevel level, long from, CancellationToken cancellationToken)
    {
        string moment = from.ToString(CultureInfo.InvariantCulture);
        string bound = (from / level.UnitTicks).ToString(CultureInfo.InvariantCulture);
        if (await ScalarAsync($"SELECT 1 FROM {level.Table} WHERE {level.Column} < {bound} LIMIT 1", cancellationToken).ConfigureAwait(false) is null)
        {
            return;
        }

        await ExecuteAsync(
            $"INSERT INTO il_meta (name, value) VALUES ('kept:{level.Table}', {moment}) ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE il_meta.value < excluded.value",
            cancellationToken).ConfigureAwait(false);
        string delete = level.IsRecords
            ? $"DELETE FROM il_usage WHERE id IN (SELECT id FROM il_usage WHERE started_at < {bound} ORDER BY started_at LIMIT {Step})"
            : $"DELETE FROM {level.Table} WHERE bucket = (SELECT MIN(bucket) FROM {level.Table} WHERE bucket < {bound})";
        while (await ExecuteAsync(delete, cancellationToken).ConfigureAwait(false) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task<object?> ScalarAsync(string sql, CancellationToken cancellationToken)
    {
        await using DbCommand command = Command(sql);
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using DbCommand command = Command(sql);
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private DbCommand Command(string sql)
    {
        DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = (int)timeout.TotalSeconds;
        return command;
    }
}
