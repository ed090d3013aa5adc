using IntegrationLayer.Sdk.Analytics.Journal;
using IntegrationLayer.Sdk.Analytics.Storage;

namespace IntegrationLayer.Sdk.Analytics;

/// <summary>Takes records from the journal to the database, in batches, and tries again for as long as it takes.</summary>
internal sealed class StoreLoop(JournalLoop journal, Guid writer, IUsageDatabase database, TimeSpan interval, StoreHealth health)
{
    private const int MostRecords = 5_000;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    private readonly Signal _written = new();
    private readonly Signal _hurry = new();

    /// <summary>Gets up to which sequence number the database has everything.</summary>
    public Milestone Stored { get; } = new();

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
        bool isLast;
        do
        {
            isLast = stopping.IsCancellationRequested;
            while (await TryAsync(() => ReadAsync(reader, entries), giveUp).ConfigureAwait(false) && entries.Count > 0)
            {
                var batch = new UsageBatch(writer, entries);
                if (!await TryAsync(() => database.WriteAsync(batch, giveUp), giveUp).ConfigureAwait(false))
                {
                    return;
                }

                health.Worked();
                journal.Journal.Release(batch.LastSequence);
                Stored.Reach(batch.LastSequence);
                entries.Clear();
            }

            if (!isLast)
            {
                await GatherAsync(stopping).ConfigureAwait(false);
            }
        }
        while (!isLast && !giveUp.IsCancellationRequested);
    }

    private static Task ReadAsync(JournalReader reader, List<JournalEntry> entries)
    {
        reader.Read(entries, MostRecords);
        return Task.CompletedTask;
    }

    private async Task GatherAsync(CancellationToken stopping)
    {
        try
        {
            if (await _written.WaitAsync(Idle, health.TimeProvider, stopping).ConfigureAwait(false))
            {
                await _hurry.WaitAsync(interval, health.TimeProvider, stopping).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // What is left is stored at once.
        }
    }

    private async Task<bool> TryAsync(Func<Task> action, CancellationToken giveUp)
    {
        for (TimeSpan pause = FirstPause; !giveUp.IsCancellationRequested; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await action().ConfigureAwait(false);
                return true;
            }
            catch (Exception e) when (!giveUp.IsCancellationRequested)
            {
                health.Failed(e, journal.Journal.Bytes);
            }
            catch
            {
                return false;
            }

            try
            {
                await _hurry.WaitAsync(pause, health.TimeProvider, giveUp).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }

        return false;
    }
}
