using System.Data;
using System.Runtime.CompilerServices;
using IntegrationLayer.Sdk.Analytics.Storage;
using IntegrationLayer.Sdk.Usage;
using Npgsql;

namespace IntegrationLayer.Sdk.Analytics.Postgres;

/// <summary>Keeps records in PostgreSQL, for any number of writers.</summary>
/// <param name="dataSource">Where.</param>
/// <param name="ownsDataSource">Whether it goes with this.</param>
/// <param name="options">The options.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class PostgresUsageDatabase(NpgsqlDataSource dataSource, bool ownsDataSource, AnalyticsOptions options, TimeProvider timeProvider) : IUsageDatabase
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly PostgresWriter _writer = new((int)options.CommandTimeout.TotalSeconds);
    private volatile bool _isOpen;

    /// <summary>Keeps records where a connection string says.</summary>
    public static PostgresUsageDatabase Create(string connectionString, AnalyticsOptions options, TimeProvider timeProvider) =>
        new(NpgsqlDataSource.Create(connectionString), ownsDataSource: true, options, timeProvider);

    public Task OpenAsync(CancellationToken cancellationToken) =>
        _isOpen ? Task.CompletedTask : ExclusivelyAsync((_, _) => Task.CompletedTask, cancellationToken);

    public Task WriteAsync(UsageBatch batch, CancellationToken cancellationToken) =>
        ExclusivelyAsync((connection, token) => _writer.WriteAsync(connection, batch, timeProvider.GetUtcNow(), token), cancellationToken);

    public Task ForgetAsync(Guid writer, CancellationToken cancellationToken) => ExclusivelyAsync(
        async (connection, token) =>
        {
            using NpgsqlCommand command = connection.CreateCommand();
            command.CommandText = "DELETE FROM il_writers WHERE id = $1";
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = writer.ToString("N") });
            await command.ExecuteNonQueryAsync(token).ConfigureAwait(false);
        },
        cancellationToken);

    public async Task PruneAsync(KeptTimes keepFrom, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        NpgsqlConnection connection = await dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable closing = connection.ConfigureAwait(false);
        await new Pruning(connection, options.CommandTimeout).RunAsync(keepFrom, cancellationToken).ConfigureAwait(false);
    }

    public async Task<UsageReport> QueryAsync(UsageQuery query, CancellationToken cancellationToken)
    {
        // What makes no sense is refused before anything is read.
        _ = new UsageReportBuilder(query);
        try
        {
            await OpenAsync(cancellationToken).ConfigureAwait(false);
            NpgsqlConnection connection = await dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using ConfiguredAsyncDisposable closing = connection.ConfigureAwait(false);
            NpgsqlTransaction transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken).ConfigureAwait(false);
            await using ConfiguredAsyncDisposable ending = transaction.ConfigureAwait(false);
            var runner = new QueryRunner(PostgresDialect.Instance, connection, transaction, options.CommandTimeout);
            return await runner.RunAsync(query, timeProvider.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        }
        catch (NpgsqlException e)
        {
            throw new UsageDatabaseException($"The usage database can't be read: {e.Message} Try again, or look at PostgreSQL if that lasts.", e, isTransient: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        if (ownsDataSource)
        {
            await dataSource.DisposeAsync().ConfigureAwait(false);
        }

        _gate.Dispose();
    }

    private async Task ExclusivelyAsync(Func<NpgsqlConnection, CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            NpgsqlConnection connection = await ConnectAsync(cancellationToken).ConfigureAwait(false);
            await using ConfiguredAsyncDisposable closing = connection.ConfigureAwait(false);
            await action(connection, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = await dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            if (!_isOpen)
            {
                await new UsageSchema(PostgresDialect.Instance).UpdateAsync(connection, cancellationToken).ConfigureAwait(false);
                _isOpen = true;
            }

            return connection;
        }
        catch (Exception e)
        {
            if (connection is not null)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }

            throw e is PostgresException refusal && Explain(refusal) is { } cure
                ? new UsageDatabaseException($"The usage database can't be used: {refusal.MessageText}. {cure}", e)
                : e;
        }
    }

    private static string? Explain(PostgresException refusal) => refusal.SqlState switch
    {
        PostgresErrorCodes.InvalidCatalogName => "Create the database, or name another one in the connection string.",
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => "Give UsePostgresAnalytics a user and a password that PostgreSQL knows.",
        PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidSchemaName => "Let the user create tables in the schema that comes first in its search path.",
        _ => null,
    };
}
