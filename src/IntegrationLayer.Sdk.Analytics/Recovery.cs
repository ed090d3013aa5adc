using IntegrationLayer.Sdk.Analytics.Journal;
using IntegrationLayer.Sdk.Analytics.Storage;
using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Analytics;

/// <summary>Stores what processes that died have left in their journals.</summary>
internal sealed class Recovery(string root, IUsageDatabase database, ILogger logger) : IDisposable
{
    private const int MostRecords = 5_000;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly HashSet<Guid> _hopeless = [];
    private long _recovered;

    /// <summary>Gets how many records were stored.</summary>
    public long Recovered => Interlocked.Read(ref _recovered);

    /// <summary>Takes over one journal after the other, until none is left.</summary>
    /// <exception cref="Exception">The database takes nothing: it is to be tried again later.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (JournalFolder.TryAdopt(root, _hopeless) is { } folder)
            {
                using (folder)
                {
                    await RecoverAsync(folder, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task RecoverAsync(JournalFolder folder, CancellationToken cancellationToken)
    {
        int count = 0;
        using (var reader = new JournalReader(folder.Segments))
        {
            while (Read(reader, folder) is { Count: > 0 } entries)
            {
                await database.WriteAsync(new UsageBatch(folder.Writer, entries), cancellationToken).ConfigureAwait(false);
                count += entries.Count;
            }

            Interlocked.Add(ref _recovered, count);
            if (_hopeless.Contains(folder.Writer))
            {
                return;
            }

            Log.Recovered(logger, count, folder.Path, reader.SkippedBytes);
        }

        // In this order: as long as the journal is there, the database must know what it has of it.
        if (folder.TryDelete())
        {
            await database.ForgetAsync(folder.Writer, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            GiveUp(folder, null);
        }
    }

    private List<JournalEntry> Read(JournalReader reader, JournalFolder folder)
    {
        var entries = new List<JournalEntry>(MostRecords);
        try
        {
            reader.Read(entries, MostRecords);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            GiveUp(folder, e);
        }

        return entries;
    }

    private void GiveUp(JournalFolder folder, Exception? reason)
    {
        if (_hopeless.Add(folder.Writer))
        {
            Log.RecoveryFailed(logger, folder.Path, reason);
        }
    }
}
