using System.Data;
using System.Globalization;
using IntegrationLayer.Sdk.Analytics.Storage;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace IntegrationLayer.Sdk.Analytics.Sqlite;

/// <summary>Keeps records in a SQLite file. Readers don't wait for the writer, nor it for them; several processes of one host may write.</summary>
/// <remarks>SQLite's calls block, so they are made on a thread of the pool and not on the caller's.</remarks>
internal sealed class SqliteUsageDatabase(string path, AnalyticsOptions options, TimeProvider timeProvider) : IUsageDatabase
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly string _readOnly = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly }.ToString();
    private readonly string _writable = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false }.ToString();
    private SqliteWriter? _writer;

    public Task OpenAsync(CancellationToken cancellationToken) =>
        Volatile.Read(ref _writer) is null ? ExclusivelyAsync(_ => { }, cancellationToken) : Task.CompletedTask;

    public Task WriteAsync(UsageBatch batch, CancellationToken cancellationToken) => ExclusivelyAsync(writer => writer.Write(batch, timeProvider.GetUtcNow()), cancellationToken);

    public Task ForgetAsync(Guid writer, CancellationToken cancellationToken) => ExclusivelyAsync(known => known.Forget(writer), cancellationToken);

    public Task PruneAsync(KeptTimes keepFrom, CancellationToken cancellationToken) => Task.Run(
        async () =>
        {
            await OpenAsync(cancellationToken).ConfigureAwait(false);
            using SqliteConnection connection = Connect(_writable);
            await new Pruning(connection, options.CommandTimeout).RunAsync(keepFrom, cancellationToken).ConfigureAwait(false);
        },
        cancellationToken);

    public Task<UsageReport> QueryAsync(UsageQuery query, CancellationToken cancellationToken) => Task.Run(
        async () =>
        {
            // What makes no sense is refused before anything is read.
            _ = new UsageReportBuilder(query);
            try
            {
                await OpenAsync(cancellationToken).ConfigureAwait(false);
                return await AnswerAsync(query, cancellationToken).ConfigureAwait(false);
            }
            catch (SqliteException e) when (e.SqliteErrorCode == raw.SQLITE_INTERRUPT)
            {
                throw new OperationCanceledException("The query was cancelled.", e, cancellationToken);
            }
            catch (SqliteException e)
            {
                throw new UsageDatabaseException($"The usage database '{path}' can't be read: {e.Message} Try again, or look at the disk if that lasts.", e, isTransient: true);
            }
        },
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        _writer?.Dispose();
        using SqliteConnection pooled = new(_readOnly);
        SqliteConnection.ClearPool(pooled);
        _gate.Dispose();
    }

    private async Task<UsageReport> AnswerAsync(UsageQuery query, CancellationToken cancellationToken)
    {
        using SqliteConnection connection = Connect(_readOnly);
        SqliteFunctions.Register(connection);
        using CancellationTokenRegistration interruption = cancellationToken.Register(() => raw.sqlite3_interrupt(connection.Handle));
        using SqliteTransaction transaction = connection.BeginTransaction(IsolationLevel.Serializable, deferred: true);
        var runner = new QueryRunner(SqliteDialect.Instance, connection, transaction, options.CommandTimeout);
        return await runner.RunAsync(query, timeProvider.GetUtcNow(), cancellationToken).ConfigureAwait(false);
    }

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
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            connection = Connect(_writable);
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
        SqliteException { SqliteErrorCode: raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_PERM } or IOException or UnauthorizedAccessException or NotSupportedException =>
            $"{exception.Message} Give UseSqliteAnalytics a path that this process may write.",
        _ => null,
    };

    private SqliteConnection Connect(string connectionString)
    {
        var connection = new SqliteConnection(connectionString) { DefaultTimeout = (int)options.CommandTimeout.TotalSeconds };
        try
        {
            connection.Open();
            using SqliteCommand settings = connection.CreateCommand();
            settings.CommandText = "PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 268435456;";
            if (ReferenceEquals(connectionString, _writable))
            {
                settings.CommandText += string.Create(
                    CultureInfo.InvariantCulture,
                    $"PRAGMA busy_timeout = {options.CommandTimeout.TotalMilliseconds}; PRAGMA journal_mode = WAL; PRAGMA synchronous = {(options.FlushToDisk ? "FULL" : "NORMAL")}; PRAGMA cache_size = -32768;");
            }

            settings.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
