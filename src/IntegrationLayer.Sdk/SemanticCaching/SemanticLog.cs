using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>What the semantic cache logs. Never a question, an answer or a key.</summary>
internal static partial class SemanticLog
{
    [LoggerMessage(1501, LogLevel.Warning, "The embedder of the semantic cache failed; the request went on without it.")]
    public static partial void EmbedderFailed(ILogger logger, Exception exception);

    [LoggerMessage(1502, LogLevel.Warning, "The embedder of the semantic cache changed from {Before} to {After}; what was kept before isn't found any more.")]
    public static partial void EmbedderChanged(ILogger logger, string before, string after);

    [LoggerMessage(1503, LogLevel.Warning, "The semantic index failed; requests go on without it until it works again.")]
    public static partial void IndexFailed(ILogger logger, Exception exception);

    [LoggerMessage(1504, LogLevel.Error, "The semantic index gave an entry of another partition; it was dropped.")]
    public static partial void ForeignEntry(ILogger logger);

    [LoggerMessage(1505, LogLevel.Warning, "More answers of the semantic cache were wrong than may be; it takes smaller risks: {Tightness} of the allowed rate.")]
    public static partial void Tightened(ILogger logger, double tightness);

    [LoggerMessage(1506, LogLevel.Error, "More than twice as many answers of the semantic cache were wrong as may be; it gives none in this partition until {Until}.")]
    public static partial void Disabled(ILogger logger, DateTimeOffset until);

    [LoggerMessage(1507, LogLevel.Information, "The semantic index works again.")]
    public static partial void IndexRecovered(ILogger logger);
}
