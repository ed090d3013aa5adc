using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>Tells of the cache that processes share: what is counted by each call, and what is logged once for many.</summary>
internal sealed partial class SharedCacheWatch(ILogger<SharedCacheWatch> logger, TimeProvider timeProvider)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private bool _isUnreadable;
    private bool _isUnwritable;
    private int _rejected;
    private long _toldAt;

    /// <summary>Raised after a look, with how long it took.</summary>
    public event Action<SharedCacheResult, TimeSpan>? LookedUp;

    /// <summary>Raised after an answer was put there, or couldn't be, with its size there and how long it took.</summary>
    public event Action<bool, int, TimeSpan>? Wrote;

    /// <summary>Gets a moment to reckon from.</summary>
    public long Now => timeProvider.GetTimestamp();

    /// <summary>Takes note of a look.</summary>
    public void Note(SharedCacheResult result, long since)
    {
        if (result is SharedCacheResult.Rejected)
        {
            TellRejected();
        }

        LookedUp?.Invoke(result, timeProvider.GetElapsedTime(since));
    }

    /// <summary>Takes note of a writing.</summary>
    public void NoteWritten(bool isWritten, int size, long since) => Wrote?.Invoke(isWritten, size, timeProvider.GetElapsedTime(since));

    /// <summary>Takes note that the store did what it was asked.</summary>
    public void Succeeded(bool isWriting)
    {
        if (Volatile.Read(ref State(isWriting)) && Interlocked.Exchange(ref State(isWriting), false))
        {
            IsBack(logger, NameOf(isWriting));
        }
    }

    /// <summary>Takes note that it didn't.</summary>
    public void Failed(Exception failure, bool isWriting)
    {
        if (!Volatile.Read(ref State(isWriting)) && !Interlocked.Exchange(ref State(isWriting), true))
        {
            IsAway(logger, NameOf(isWriting), failure.Message);
        }
    }

    private static string NameOf(bool isWriting) => isWriting ? "written" : "read";

    private ref bool State(bool isWriting) => ref isWriting ? ref _isUnwritable : ref _isUnreadable;

    private void TellRejected()
    {
        int count;
        lock (_gate)
        {
            _rejected++;
            if (_toldAt != 0 && timeProvider.GetElapsedTime(_toldAt) < Quiet)
            {
                return;
            }

            (count, _rejected, _toldAt) = (_rejected, 0, timeProvider.GetTimestamp());
        }

        Rejected(logger, count);
    }

    [LoggerMessage(1130, LogLevel.Warning, "The shared cache can't be {Used}; requests go on without it. {Reason}")]
    private static partial void IsAway(ILogger logger, string used, string reason);

    [LoggerMessage(1131, LogLevel.Information, "The shared cache can be {Used} again.")]
    private static partial void IsBack(ILogger logger, string used);

    [LoggerMessage(1132, LogLevel.Warning, "The shared cache held {Count} payloads since this was last told that this installation didn't write for their keys; they were not used.")]
    private static partial void Rejected(ILogger logger, int count);
}
