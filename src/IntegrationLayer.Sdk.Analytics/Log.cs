using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Analytics;

/// <summary>What the durable usage store logs.</summary>
internal static partial class Log
{
    [LoggerMessage(1701, LogLevel.Error, "Usage records were dropped, {Dropped} so far: {Reason}")]
    public static partial void Dropped(ILogger logger, long dropped, string reason);

    [LoggerMessage(1702, LogLevel.Warning, "The usage database takes no records; they wait in the journal, {JournalBytes} bytes by now. It is tried again.")]
    public static partial void StoreFailed(ILogger logger, long journalBytes, Exception exception);

    [LoggerMessage(1703, LogLevel.Information, "The usage database takes records again.")]
    public static partial void StoreRecovered(ILogger logger);

    [LoggerMessage(1704, LogLevel.Information, "{Count} usage records that a process had left in its journal {Journal} were recovered; {SkippedBytes} bytes at the end of writes that were cut off were skipped.")]
    public static partial void Recovered(ILogger logger, int count, string journal, long skippedBytes);

    [LoggerMessage(1705, LogLevel.Error, "The journal {Journal} that a process had left can't be read or deleted; it stays where it is.")]
    public static partial void RecoveryFailed(ILogger logger, string journal, Exception? exception);

    [LoggerMessage(1707, LogLevel.Error, "The journal of usage records can't be written; it is tried again each second.")]
    public static partial void JournalFailed(ILogger logger, Exception exception);

    [LoggerMessage(1706, LogLevel.Warning, "Journals of dead processes could not be stored, or records past their time not be deleted; it is tried again.")]
    public static partial void UpkeepFailed(ILogger logger, Exception exception);
}
