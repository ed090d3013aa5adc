using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Resilience;

/// <summary>What may be tried after which failure: all there is to know about it, in one table.</summary>
internal static class RetryTable
{
    /// <summary>Says who may be called after a failure of a class.</summary>
    public static RetryScope After(LlmErrorClass error) => error switch
    {
        // It may pass: elsewhere at once, or here after a while.
        LlmErrorClass.RateLimited => RetryScope.OthersThenAgain,
        LlmErrorClass.ProviderUnavailable => RetryScope.OthersThenAgain,
        LlmErrorClass.GatewayFault => RetryScope.OthersThenAgain,
        LlmErrorClass.Network => RetryScope.OthersThenAgain,
        LlmErrorClass.Timeout => RetryScope.OthersThenAgain,
        LlmErrorClass.FirstTokenTimeout => RetryScope.OthersThenAgain,
        LlmErrorClass.StreamStalled => RetryScope.OthersThenAgain,
        LlmErrorClass.StreamTruncated => RetryScope.OthersThenAgain,
        LlmErrorClass.BadOutput => RetryScope.OthersThenAgain,

        // It won't pass by waiting.
        LlmErrorClass.ModelNotFound => RetryScope.Others,
        LlmErrorClass.Authentication => RetryScope.OtherAccounts,
        LlmErrorClass.QuotaExhausted => RetryScope.OtherAccounts,
        LlmErrorClass.ContextLength => RetryScope.LargerContexts,

        // The request itself is at fault, or was refused, which is not to be bypassed; or all deployments have the fault in common; or nobody waits any more.
        LlmErrorClass.InvalidRequest or LlmErrorClass.TooLarge => RetryScope.Nobody,
        LlmErrorClass.ContentPolicy or LlmErrorClass.GuardrailDenied => RetryScope.Nobody,
        LlmErrorClass.GatewayUnavailable or LlmErrorClass.Overloaded => RetryScope.Nobody,
        _ => RetryScope.Nobody,
    };

    /// <summary>Says whether a deployment is within the scope of what may be tried after another one's failure.</summary>
    public static bool Allows(RetryScope scope, Deployment failed, Deployment next) => scope switch
    {
        RetryScope.Nobody => false,
        RetryScope.LargerContexts => next.Model.ContextTokens > failed.Model.ContextTokens,
        RetryScope.OtherAccounts => next.Account != failed.Account,
        _ => true,
    };

    /// <summary>Says whether nothing was sent, because there was no credential to send it with: no provider has refused that one.</summary>
    public static bool IsUnsent(LlmException failure) => failure is { ErrorClass: LlmErrorClass.Authentication, ErrorSource: LlmErrorSource.Sdk, MayBeBilled: false };

    /// <summary>
    /// Says whether a failed call certainly had no effect: it never reached the provider, or was turned away before any work (no connection, 4xx, 429, a time
    /// to wait). Anything else may have run to its end unseen.
    /// </summary>
    public static bool IsSafe(LlmException failure) =>
        !failure.MayBeBilled
        && (failure.ErrorClass is not (LlmErrorClass.ProviderUnavailable or LlmErrorClass.GatewayFault)
            || failure.RetryAfter is not null
            || failure.StatusCode is null or (>= 400 and < 500) or 503 or 529);
}
