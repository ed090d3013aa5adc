using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace IntegrationLayer.Sdk.Analytics.Storage;

/// <summary>Makes the tables, and brings those of an older version up to date. A version's script is never changed once it was released.</summary>
/// <param name="dialect">The database's language.</param>
/// <param name="migrations">The scripts; the first makes version 1 of nothing.</param>
internal sealed class UsageSchema(SqlDialect dialect, IReadOnlyList<Func<SqlDialect, IEnumerable<string>>> migrations)
{
    private const string Meta = "il_meta";

    public UsageSchema(SqlDialect dialect)
        : this(dialect, Migrations.All)
    {
    }

    /// <summary>Makes or updates the tables, in one transaction.</summary>
    /// <exception cref="UsageDatabaseException">They are of a newer version.</exception>
    public async Task UpdateAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        DbTransaction transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable ending = transaction.ConfigureAwait(false);
        if (dialect.LockSchema is { } statement)
        {
            await ExecuteAsync(connection, transaction, statement, cancellationToken).ConfigureAwait(false);
        }

        await ExecuteAsync(
            connection, transaction, $"CREATE TABLE IF NOT EXISTS {Meta} (name TEXT NOT NULL PRIMARY KEY, value {dialect.Integer} NOT NULL)", cancellationToken).ConfigureAwait(false);
        long version = await VersionAsync(connection, transaction, cancellationToken).ConfigureAwait(false);
        if (version > migrations.Count)
        {
            throw new UsageDatabaseException(
                $"The tables of usage records have version {version}; this package knows versions up to {migrations.Count}. Update IntegrationLayer.Sdk.Analytics, or use another database.");
        }

        for (int next = (int)version; next < migrations.Count; next++)
        {
            foreach (string script in migrations[next](dialect))
            {
                await ExecuteAsync(connection, transaction, script, cancellationToken).ConfigureAwait(false);
            }
        }

        if (version < migrations.Count)
        {
            string set = string.Create(
                CultureInfo.InvariantCulture, $"INSERT INTO {Meta} (name, value) VALUES ('schema', {migrations.Count}) ON CONFLICT (name) DO UPDATE SET value = excluded.value");
            await ExecuteAsync(connection, transaction, set, cancellationToken).ConfigureAwait(false);
        }

        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<long> VersionAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken)
    {
        using DbCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"SELECT value FROM {Meta} WHERE name = 'schema'";
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is long version ? version : 0;
    }

    private static async Task ExecuteAsync(DbConnection connection, DbTransaction transaction, string sql, CancellationToken cancellationToken)
    {
        using DbCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
