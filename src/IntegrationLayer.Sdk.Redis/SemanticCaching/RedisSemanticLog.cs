using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Redis.SemanticCaching;

/// <summary>What the index in Redis logs. Never a question, an answer or a key.</summary>
internal static partial class RedisSemanticLog
{
    [LoggerMessage(1510, LogLevel.Error, "An entry of the semantic index in Redis wasn't written by this installation, or was changed since; it was dropped and deleted.")]
    public static partial void ForeignEntry(ILogger logger);
}
