using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk;

/// <summary>What the pipeline logs. Never a prompt, an answer or a key.</summary>
internal static partial class Log
{
    [LoggerMessage(1101, LogLevel.Error, "The budget ledger failed to settle {CostUsd} USD of request {RequestId}.")]
    public static partial void SettleFailed(ILogger logger, string requestId, decimal costUsd, Exception exception);

    [LoggerMessage(1102, LogLevel.Warning, "{Deployment} failed for request {RequestId}: {Error}.")]
    public static partial void AttemptFailed(ILogger logger, string deployment, string requestId, LlmErrorClass error);

    [LoggerMessage(1104, LogLevel.Warning, "The stream of request {RequestId} was closed and charged: its consumer did not come back.")]
    public static partial void StreamAbandoned(ILogger logger, string requestId);

    [LoggerMessage(1105, LogLevel.Error, "The abandoned stream of request {RequestId} could not be settled.")]
    public static partial void AbandonFailed(ILogger logger, string requestId, Exception exception);

    [LoggerMessage(1103, LogLevel.Warning, "The response cache failed for request {RequestId}; the request went on without it.")]
    public static partial void CacheFailed(ILogger logger, string requestId, Exception exception);

    [LoggerMessage(1106, LogLevel.Error, "The usage store failed to take the record of request {RequestId}; the record is lost.")]
    public static partial void UsageFailed(ILogger logger, string requestId, Exception exception);

    [LoggerMessage(1109, LogLevel.Error, "Request {RequestId} could not be reported: somebody who listens to metrics, spans or events has thrown.")]
    public static partial void ReportFailed(ILogger logger, string requestId, Exception exception);

    [LoggerMessage(1107, LogLevel.Warning, "A stale answer could not be made anew; it is given until its time is over.")]
    public static partial void RefreshFailed(ILogger logger, Exception exception);

    [LoggerMessage(1108, LogLevel.Warning, "{Deployment} reports {Input} tokens of input and {Output} of output for request {RequestId}, which can't be; the most that the call can have cost is charged.")]
    public static partial void UsageImpossible(ILogger logger, string deployment, long input, long output, string requestId);

    [LoggerMessage(1120, LogLevel.Warning, "The semantic cache failed; the request went on without it.")]
    public static partial void SemanticCacheFailed(ILogger logger, Exception exception);

    [LoggerMessage(1121, LogLevel.Warning, "An answer of the semantic cache couldn't be checked against the model.")]
    public static partial void SemanticCheckFailed(ILogger logger, Exception exception);
}
