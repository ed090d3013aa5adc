using IntegrationLayer.Sdk.Analytics.Journal;
using IntegrationLayer.Sdk.Analytics.Storage;
using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Analytics;

/// <summary>Takes records from the journal to the database, in batches, and tries again for as long as it takes.</summary>
internal sealed class StoreLoop(JournalLoop journal, JournalFolder folder, IUsageDatabase database, AnalyticsOptions options, TimeProvider timeProvider, ILogger logger)
{
    private const int MostRecords = 5_000;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    private readonly Signal _written = new();
    private readonly Signal _hurry = new();

    /// <summary>Gets up to which sequence number the database has everything.</summary>
    public Milestone Stored { get; } = new();

    /// <summary>Gets why the database took nothing when it was last tried.</summary>
    public string? LastError { get; private set; }

    /// <summary>Says that there are new records in the journal.</summary>
    public void Wake() => _written.Set();

    /// <summary>Doesn't wait for more records to come together, nor for the next try.</summary>
    public void Hurry()
    {
        _hurry.Set();
        _written.Set();
    }

    /// <summary>Runs until it is told to stop, and then once more for what is left in the journal.</summary>
    public async Task RunAsync(CancellationToken stopping, CancellationToken giveUp)
    {
        using var reader = new JournalReader(() => journal.Journal.Segments);
        var entries = new List<JournalEntry>(MostRecords);
        while (!giveUp.IsCancellationRequested)
        {
            bool isLast = stopping.IsCancellationRequested;
            reader.Read(entries, MostRecords);
            if (entries.Count > 0)
            {
                if (!await StoreAsync(entries, giveUp).ConfigureAwait(false))
                {
                    return;
                }

                entries.Clear();
                continue;
            }

            if (isLast)
            {
                return;
            }

            await GatherAsync(stopping).ConfigureAwait(false);
        }
    }

    private async Task GatherAsync(CancellationToken stopping)
    {
        try
        {
            if (await _written.WaitAsync(Idle, timeProvider, stopping).ConfigureAwait(false))
            {
                await _hurry.WaitAsync(options.StoreInterval, timeProvider, stopping).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // What is left is stored at once.
        }
    }

    private async Task<bool> StoreAsync(List<JournalEntry> entries, CancellationToken giveUp)
    {
        var batch = new UsageBatch(folder.Writer, entries);
        for (TimeSpan pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await database.WriteAsync(batch, giveUp).ConfigureAwait(false);
                Succeeded(batch);
                return true;
            }
            catch (Exception e)
            {
                if (giveUp.IsCancellationRequested)
                {
                    return false;
                }

                Failed(e);
            }

            try
            {
                await _hurry.WaitAsync(pause, timeProvider, giveUp).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
    }

    private void Succeeded(UsageBatch batch)
    {
        if (LastError is not null)
        {
            LastError = null;
            Log.StoreRecovered(logger);
        }

        journal.Journal.Release(batch.LastSequence);
        Stored.Reach(batch.LastSequence);
    }

    /// <summary>Notes that the database took nothing.</summary>
    public void Failed(Exception exception)
    {
        // Once for each outage: the status says that it lasts.
        if (LastError is null)
        {
            Log.StoreFailed(logger, journal.Journal.Bytes, exception);
        }

        LastError = exception.Message;
    }
}
