using System.Globalization;

namespace IntegrationLayer.Sdk.Execution;

/// <summary>Makes the failures that callers see.</summary>
internal static class Failures
{
    /// <summary>Names the failure of one call.</summary>
    public static LlmException Classify(Exception exception, CallTimer timer) => exception switch
    {
        LlmException failure => failure,
        OperationCanceledException cancelled => timer.Explain(cancelled)
            ?? new LlmException("The caller cancelled the request.", LlmErrorClass.Cancelled, LlmErrorSource.Sdk, cancelled) { MayBeBilled = true },
        // A wrong argument is found before anything is sent; of anything else nobody knows when it happened.
        _ => new LlmException("The call failed unexpectedly.", LlmErrorClass.Unknown, LlmErrorSource.Sdk, exception) { MayBeBilled = exception is not ArgumentException },
    };

    /// <summary>Sums up the calls of a request that nobody answered.</summary>
    public static LlmException AllFailed(LlmException last, IReadOnlyList<LlmAttempt> attempts) =>
        new(attempts.Count == 1
                ? $"{attempts[0].Deployment}: {last.Message}"
                : string.Create(CultureInfo.InvariantCulture, $"None of {attempts.Count} calls was answered ({string.Join("; ", attempts)}). The last one: {last.Message}"),
            last.ErrorClass,
            last.ErrorSource,
            last)
        {
            StatusCode = last.StatusCode,
            Code = last.Code,
            RetryAfter = last.RetryAfter,
            TraceId = last.TraceId,
            MayBeBilled = last.MayBeBilled,
            Attempts = attempts,
        };

    /// <summary>Reports a stream that broke off after its first content.</summary>
    public static LlmStreamInterruptedException Interrupted(LlmException cause, PartialAnswer partial, LlmReceipt receipt) =>
        new($"The stream broke off after {partial.Text.Length} characters: {cause.Message}", cause.ErrorClass, cause.ErrorSource, cause)
        {
            StatusCode = cause.StatusCode,
            Code = cause.Code,
            RetryAfter = cause.RetryAfter,
            TraceId = cause.TraceId,
            MayBeBilled = true,
            Attempts = receipt.Attempts,
            PartialText = partial.Text,
            PartialReasoning = partial.Reasoning,
            ToolCalls = partial.ToolCalls,
            UsageSoFar = partial.Usage,
            Receipt = receipt,
        };

    /// <summary>Reports the failure of a call that another request made to one that waited for it: it made no call of its own, and pays nothing.</summary>
    /// <param name="cause">The failure.</param>
    /// <param name="receipt">The receipt of the one that waited.</param>
    public static LlmException Shared(LlmException cause, LlmReceipt? receipt) => cause is LlmStreamInterruptedException broken
        ? new LlmStreamInterruptedException(cause.Message, cause.ErrorClass, cause.ErrorSource, cause)
        {
            StatusCode = cause.StatusCode,
            Code = cause.Code,
            RetryAfter = cause.RetryAfter,
            TraceId = cause.TraceId,
            PartialText = broken.PartialText,
            Receipt = receipt,
        }
        : new LlmException(cause.Message, cause.ErrorClass, cause.ErrorSource, cause)
        {
            StatusCode = cause.StatusCode,
            Code = cause.Code,
            RetryAfter = cause.RetryAfter,
            TraceId = cause.TraceId,
        };
}
