namespace IntegrationLayer.Sdk.Resilience;

/// <summary>What a failed call says about the deployment and the account that it was made to.</summary>
/// <param name="Deployment">What it says about the deployment.</param>
/// <param name="Account">What it says about the account.</param>
/// <param name="IsRefusal">Whether the credential was refused for this deployment, and perhaps not for others.</param>
internal readonly record struct Diagnosis(CallOutcome Deployment, CallOutcome Account = CallOutcome.Neutral, bool IsRefusal = false)
{
    private const int Forbidden = 403;

    // Codes that come with a 403 and yet mean the whole account.
    private static readonly string[] DeadCredentialCodes = ["invalid_api_key", "api_key_invalid", "account_deactivated", "authentication_error", "unauthenticated"];

    /// <summary>Gets a value indicating whether the deployment failed: it then counts as slow, too.</summary>
    public bool IsFailure => Deployment is CallOutcome.Failure or CallOutcome.Timeout or CallOutcome.Truncated;

    /// <summary>The call was answered.</summary>
    public static Diagnosis Answered => new(CallOutcome.Success, CallOutcome.Success);

    /// <summary>Reads a failure. What the caller, the SDK or the gateway did wrong says nothing about the provider.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="lasted">How long the call lasted.</param>
    /// <param name="options">The settings in force.</param>
    public static Diagnosis Of(LlmException failure, TimeSpan lasted, HealthOptions options) => failure.ErrorClass switch
    {
        LlmErrorClass.ProviderUnavailable or LlmErrorClass.BadOutput => new(CallOutcome.Failure),

        // A gateway that answers is up: it is this deployment that it can't handle. One that doesn't has a health of its own.
        LlmErrorClass.GatewayFault when failure.StatusCode is not null => new(CallOutcome.Failure),
        LlmErrorClass.Network when failure.ErrorSource is not LlmErrorSource.Gateway => new(CallOutcome.Failure),
        LlmErrorClass.Timeout or LlmErrorClass.FirstTokenTimeout when lasted >= options.MinTimeout => new(CallOutcome.Timeout),
        LlmErrorClass.StreamTruncated or LlmErrorClass.StreamStalled => new(CallOutcome.Truncated),
        LlmErrorClass.RateLimited when failure.ErrorSource is not LlmErrorSource.Sdk => new(CallOutcome.RateLimited),
        LlmErrorClass.QuotaExhausted => new(CallOutcome.Neutral, CallOutcome.QuotaExhausted),
        LlmErrorClass.Authentication when failure.ErrorSource is not LlmErrorSource.Gateway => OfRefusal(failure),
        _ => default,
    };

    /// <summary>Reads a failure after the first content: whoever broke it off, the answer was not whole.</summary>
    public static Diagnosis OfBroken(LlmErrorClass error) => error switch
    {
        LlmErrorClass.ProviderUnavailable or LlmErrorClass.GatewayFault or LlmErrorClass.BadOutput => new(CallOutcome.Failure),
        LlmErrorClass.Network or LlmErrorClass.Timeout or LlmErrorClass.StreamTruncated or LlmErrorClass.StreamStalled => new(CallOutcome.Truncated),
        LlmErrorClass.RateLimited => new(CallOutcome.RateLimited),
        LlmErrorClass.QuotaExhausted => new(CallOutcome.Neutral, CallOutcome.QuotaExhausted),
        _ => default,
    };

    private static Diagnosis OfRefusal(LlmException failure) =>
        failure.StatusCode is Forbidden && !DeadCredentialCodes.Contains(failure.Code, StringComparer.OrdinalIgnoreCase)
            ? new(CallOutcome.CredentialRefused, IsRefusal: true)
            : new(CallOutcome.Neutral, CallOutcome.CredentialRefused);
}
