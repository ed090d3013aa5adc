using System.Data.Common;
using System.Globalization;

namespace IntegrationLayer.Sdk.Analytics.Storage;

/// <summary>Deletes what is too old, in small steps, so that nobody waits long for it.</summary>
internal sealed class Pruning(DbConnection connection, TimeSpan timeout)
{
    private const int Step = 10_000;

    /// <summary>Deletes what the tables have from before some moments.</summary>
    public async Task RunAsync(KeptTimes keepFrom, CancellationToken cancellationToken)
    {
        foreach (UsageLevel level in UsageLevel.All)
        {
            await RunAsync(level, keepFrom[level], cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RunAsync(UsageLevel level, long from, CancellationToken cancellationToken)
    {
        string moment = from.ToString(CultureInfo.InvariantCulture);
        string bound = (from / level.UnitTicks).ToString(CultureInfo.InvariantCulture);
        using DbCommand find = Command($"SELECT 1 FROM {level.Table} WHERE {level.Column} < {bound} LIMIT 1");
        if (await find.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is null)
        {
            return;
        }

        // Queries know first that it is gone.
        using DbCommand note = Command(
            $"INSERT INTO il_meta (name, value) VALUES ('kept:{level.Table}', {moment}) ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE il_meta.value < excluded.value");
        await note.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        using DbCommand delete = Command(level.IsRecords
            ? $"DELETE FROM il_usage WHERE id IN (SELECT id FROM il_usage WHERE started_at < {bound} ORDER BY started_at LIMIT {Step})"
            : $"DELETE FROM {level.Table} WHERE bucket = (SELECT MIN(bucket) FROM {level.Table} WHERE bucket < {bound})");
        while (await delete.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private DbCommand Command(string sql)
    {
        DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = (int)timeout.TotalSeconds;
        return command;
    }
}
