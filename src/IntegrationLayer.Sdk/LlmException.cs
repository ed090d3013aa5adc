namespace IntegrationLayer.Sdk;

/// <summary>A call to a model failed.</summary>
/// <param name="message">What happened. Never a key or a prompt.</param>
/// <param name="errorClass">The class of the failure.</param>
/// <param name="source">Who said no.</param>
/// <param name="innerException">What caused it.</param>
public class LlmException(string message, LlmErrorClass errorClass, LlmErrorSource source, Exception? innerException = null)
    : IntegrationLayerException(message, innerException)
{
    /// <summary>Gets the class of the failure: the last attempt's.</summary>
    public LlmErrorClass ErrorClass { get; } = errorClass;

    /// <summary>Gets who said no.</summary>
    public LlmErrorSource ErrorSource { get; } = source;

    /// <summary>Gets the HTTP status, if an answer came.</summary>
    public int? StatusCode { get; init; }

    /// <summary>
    /// Gets the provider's or gateway's own code of the error, such as <c>insufficient_quota</c>; or why no connection to the gateway was made:
    /// <c>name_resolution</c>, <c>connect</c>, <c>connect_timeout</c> or <c>tls</c>.
    /// </summary>
    public string? Code { get; init; }

    /// <summary>Gets how long the sender asked to wait before the next try.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Gets the trace identifier to look the call up by.</summary>
    public string? TraceId { get; init; }

    /// <summary>Gets the calls that were made for the request, in order.</summary>
    public IReadOnlyList<LlmAttempt> Attempts { get; init; } = [];

    /// <summary>Gets a value indicating whether the provider may have worked on the request, and so may bill it.</summary>
    public bool MayBeBilled { get; init; }

    /// <inheritdoc/>
    public override bool IsTransient => ErrorClass is LlmErrorClass.RateLimited or LlmErrorClass.ProviderUnavailable
        or LlmErrorClass.GatewayFault or LlmErrorClass.GatewayUnavailable or LlmErrorClass.Network or LlmErrorClass.Timeout or LlmErrorClass.FirstTokenTimeout
        or LlmErrorClass.StreamStalled or LlmErrorClass.StreamTruncated or LlmErrorClass.BadOutput or LlmErrorClass.Overloaded;
}
