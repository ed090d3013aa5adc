using System.Data;
using IntegrationLayer.Sdk.Analytics.Storage;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace IntegrationLayer.Sdk.Analytics.Sqlite;

/// <summary>Keeps records in a SQLite file. Readers don't wait for the writer, nor it for them; several processes of one host may write.</summary>
internal sealed class SqliteUsageDatabase(string path, AnalyticsOptions options, TimeProvider timeProvider) : IUsageDatabase
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly string _readOnly = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly }.ToString();
    private readonly string _writable = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false }.ToString();
    private SqliteWriter? _writer;

    public Task OpenAsync(CancellationToken cancellationToken) =>
        Volatile.Read(ref _writer) is null ? ExclusivelyAsync(_ => { }, cancellationToken) : Task.CompletedTask;

    public Task WriteAsync(UsageBatch batch, CancellationToken cancellationToken) => ExclusivelyAsync(writer => writer.Write(batch, timeProvider.GetUtcNow()), cancellationToken);

    public async Task ForgetAsync(Guid writer, CancellationToken cancellationToken)
    {
        await using SqliteConnection connection = await ConnectAsync(_writable, cancellationToken).ConfigureAwait(false);
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "DELETE FROM il_writers WHERE id = @id";
        command.Parameters.AddWithValue("@id", writer.ToString("N"));
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task PruneAsync(KeptTimes keepFrom, CancellationToken cancellationToken) => Task.Run(
        async () =>
        {
            await using SqliteConnection connection = await ConnectAsync(_writable, cancellationToken).ConfigureAwait(false);
            var pruning = new Pruning(connection, options.CommandTimeout);
            foreach (UsageLevel level in UsageLevel.All)
            {
                await pruning.RunAsync(level, keepFrom[level], cancellationToken).ConfigureAwait(false);
            }
        },
        cancellationToken);

    public Task<UsageReport> QueryAsync(UsageQuery query, CancellationToken cancellationToken) => Task.Run(
        async () =>
        {
            // What makes no sense is refused before anything is read.
            _ = new UsageReportBuilder(query);
            await OpenAsync(cancellationToken).ConfigureAwait(false);
            await using SqliteConnection connection = await ConnectAsync(_readOnly, cancellationToken).ConfigureAwait(false);
            SqliteFunctions.Register(connection);
            await using CancellationTokenRegistration interruption = cancellationToken.Register(() => raw.sqlite3_interrupt(connection.Handle));
            try
            {
                await using SqliteTransaction transaction = connection.BeginTransaction(IsolationLevel.Serializable, deferred: true);
                var runner = new QueryRunner(SqliteDialect.Instance, connection, transaction, options.CommandTimeout);
                return await runner.RunAsync(query, timeProvider.GetUtcNow(), cancellationToken).ConfigureAwait(false);
            }
            catch (SqliteException e) when (e.SqliteErrorCode == raw.SQLITE_INTERRUPT)
            {
                throw new OperationCanceledException("The query was cancelled.", e, cancellationToken);
            }
        },
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        _writer?.Dispose();
        SqliteConnection.ClearPool(new SqliteConnection(_readOnly));
        _gate.Dispose();
    }

    // SQLite's calls block, so they are made on a thread of the pool and not on the caller's.
    private Task ExclusivelyAsync(Action<SqliteWriter> action, CancellationToken cancellationToken) => Task.Run(
        async () =>
        {
            await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                _writer ??= await MakeWriterAsync(cancellationToken).ConfigureAwait(false);
                action(_writer);
            }
            finally
            {
                _gate.Release();
            }
        },
        cancellationToken);

    private async Task<SqliteWriter> MakeWriterAsync(CancellationToken cancellationToken)
    {
        SqliteConnection? connection = null;
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { Length: > 0 } folder)
            {
                Directory.CreateDirectory(folder);
            }

            connection = await ConnectAsync(_writable, cancellationToken).ConfigureAwait(false);
            await new UsageSchema(SqliteDialect.Instance).UpdateAsync(connection, cancellationToken).ConfigureAwait(false);
            return new SqliteWriter(connection);
        }
        catch (Exception e)
        {
            connection?.Dispose();
            if (Explain(e) is { } reason)
            {
                throw new UsageDatabaseException($"The usage database '{path}' can't be used: {reason}", e);
            }

            throw;
        }
    }

    private static string? Explain(Exception exception) => exception switch
    {
        SqliteException { SqliteErrorCode: raw.SQLITE_NOTADB } => "it is no SQLite database. Give UseSqliteAnalytics another path, or move the file away.",
        SqliteException { SqliteErrorCode: raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_PERM } e => $"{e.Message} Give UseSqliteAnalytics a path that this process may write.",
        IOException or UnauthorizedAccessException or NotSupportedException => $"{exception.Message} Give UseSqliteAnalytics a path that this process may write.",
        _ => null,
    };

    private async Task<SqliteConnection> ConnectAsync(string connectionString, CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(connectionString) { DefaultTimeout = (int)options.CommandTimeout.TotalSeconds };
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using SqliteCommand settings = connection.CreateCommand();
            settings.CommandText = ReferenceEquals(connectionString, _writable)
                ? $"PRAGMA journal_mode = WAL; PRAGMA synchronous = {(options.FlushToDisk ? "FULL" : "NORMAL")}; PRAGMA busy_timeout = {(int)options.CommandTimeout.TotalMilliseconds}; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768; PRAGMA mmap_size = 268435456;"
                : "PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 268435456;";
            await settings.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
