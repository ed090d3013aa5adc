using IntegrationLayer.Sdk.Analytics.Journal;
using IntegrationLayer.Sdk.Analytics.Storage;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Analytics;

/// <summary>Keeps usage records in a database, behind a journal on disk.</summary>
/// <remarks>
/// A request hands its record to a queue in memory. One loop takes it from there to the journal, which acknowledges it; another one takes it from the
/// journal to the database, in batches. The database knows up to where it has taken each journal, in the same transaction as the records: whatever
/// dies in between, what is repeated is not counted twice. A journal whose process has died is taken over by the next process that shares the folder.
/// </remarks>
internal sealed class DurableUsageStore : IUsageStore, IUsageAnalytics, IUsageStoreMonitor, IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan DisposeLimit = TimeSpan.FromSeconds(5);

    private readonly IUsageDatabase _database;
    private readonly JournalFolder _folder;
    private readonly JournalLoop _journal;
    private readonly StoreHealth _health;
    private readonly StoreLoop _store;
    private readonly Recovery _recovery;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _giveUp = new();
    private readonly Task _journaling;
    private readonly Task _storing;
    private readonly Task _keepingUp;
    private int _isStopped;
    private int _isDisposed;

    public DurableUsageStore(IUsageDatabase database, string journalPath, AnalyticsOptions options, TimeProvider timeProvider, ILogger<DurableUsageStore> logger)
    {
        _database = database;
        _folder = JournalFolder.Create(journalPath);
        _journal = new JournalLoop(_folder, options, timeProvider, logger);
        _health = new StoreHealth(timeProvider, logger);
        _store = new StoreLoop(_journal, _folder.Writer, database, options.StoreInterval, _health);
        _recovery = new Recovery(journalPath, database, logger);
        _journal.Written = _store.Wake;
        _journaling = Task.Run(_journal.RunAsync);
        _storing = Task.Run(() => _store.RunAsync(_stopping.Token, _giveUp.Token));
        _keepingUp = Task.Run(() => new Upkeep(_recovery, database, options, timeProvider, logger).RunAsync(_stopping.Token));
    }

    public UsageStoreStatus Status => new(
        _journal.Appended, _journal.Sequence, _store.Stored.Value, _journal.Dropped, _recovery.Recovered, _journal.Journal.Bytes, _health.LastError);

    /// <summary>Sets what happens when records are lost: how many.</summary>
    public Action<int> Lost
    {
        init => _journal.Lost = value;
    }

    public void Append(UsageRecord record) => _journal.Append(record);

    public Task<UsageReport> QueryAsync(UsageQuery query, CancellationToken cancellationToken = default) => _database.QueryAsync(query, cancellationToken);

    public async Task FlushAsync(CancellationToken cancellationToken = default)
    {
        await AcknowledgeAsync(cancellationToken).ConfigureAwait(false);
        long sequence = _journal.Sequence;
        _store.Hurry();
        await _store.Stored.WaitAsync(sequence, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until every record that was appended so far is in the journal.</summary>
    public Task AcknowledgeAsync(CancellationToken cancellationToken = default) => _journal.Done.WaitAsync(_journal.Appended, cancellationToken);

    /// <summary>Stores what dead processes have left, without waiting for the next round of upkeep.</summary>
    public Task RecoverAsync(CancellationToken cancellationToken) => _recovery.RunAsync(cancellationToken);

    /// <summary>Checks that the database can be used. One that is merely away is not waited for.</summary>
    /// <exception cref="UsageDatabaseException">It can't be used as it is.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _database.OpenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (OperationCanceledException or UsageDatabaseException { IsTransient: false }))
        {
            _health.Failed(e, _journal.Journal.Bytes);
        }
    }

    /// <summary>Takes no more records, and stores those that were taken.</summary>
    /// <param name="cancellationToken">Ends the storing: what is left stays in the journal, for the next process.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isStopped, 1) != 0)
        {
            return;
        }

        _journal.Complete();
        await _journaling.ConfigureAwait(false);
        await using (cancellationToken.Register(_giveUp.Cancel))
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
            _store.Hurry();
            await _storing.ConfigureAwait(false);
        }

        await _keepingUp.ConfigureAwait(false);
        _journal.Dispose();
        if (_store.Stored.Value >= _journal.Sequence && _folder.TryDelete())
        {
            await ForgetAsync().ConfigureAwait(false);
        }

        _folder.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(DisposeLimit);
        await StopAsync(limit.Token).ConfigureAwait(false);
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            // The container knows it by several names.
            return;
        }

        await _database.DisposeAsync().ConfigureAwait(false);
        _recovery.Dispose();
        _stopping.Dispose();
        _giveUp.Dispose();
    }

    // A container that is disposed without waiting has nothing to wait with.
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    // The entry is only in the way.
    private async Task ForgetAsync()
    {
        try
        {
            await _database.ForgetAsync(_folder.Writer, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _health.Failed(e, _journal.Journal.Bytes);
        }
    }
}
