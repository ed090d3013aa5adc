namespace IntegrationLayer.Sdk.Resilience;

/// <summary>What a failed call says about the endpoint that it was made to: whether it can be reached and is a gateway, whatever the provider behind it did.</summary>
internal static class EndpointDiagnosis
{
    private const int FirstError = 400;

    /// <summary>Reads a failure.</summary>
    public static CallOutcome Of(LlmException failure) => failure switch
    {
        { ErrorSource: LlmErrorSource.Sdk } => CallOutcome.Neutral,
        { ErrorSource: LlmErrorSource.Provider } => CallOutcome.Success,
        { ErrorClass: LlmErrorClass.Network } => CallOutcome.Failure,

        // Something stands there that is no gateway, or that stands before one and can't reach it.
        { ErrorClass: LlmErrorClass.GatewayFault, StatusCode: null or < FirstError } => CallOutcome.Failure,
        { ErrorClass: LlmErrorClass.ProviderUnavailable } => CallOutcome.Failure,
        _ => CallOutcome.Success,
    };

    /// <summary>Reads the failure of a stream that was open: its connection broke, or else the gateway has done its part. A stream that ends too early, but as HTTP wants it, was cut by the provider.</summary>
    public static CallOutcome OfBroken(LlmException failure) => failure switch
    {
        { ErrorSource: LlmErrorSource.Sdk } => CallOutcome.Neutral,
        { ErrorClass: LlmErrorClass.Network, ErrorSource: LlmErrorSource.Gateway } => CallOutcome.Truncated,
        _ => CallOutcome.Success,
    };

    /// <summary>Says whether nothing was sent, so that another endpoint may be asked without asking twice.</summary>
    public static bool IsSafe(LlmException failure) =>
        failure is { ErrorClass: LlmErrorClass.Network, ErrorSource: LlmErrorSource.Gateway, MayBeBilled: false };
}
