using System.Text.Json.Serialization;

namespace IntegrationLayer.Sdk;

/// <summary>Whose fault a failure is, and so what helps: the SDK's one taxonomy of errors.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LlmErrorClass>))]
public enum LlmErrorClass
{
    /// <summary>No failure.</summary>
    None = 0,

    /// <summary>The request itself is wrong (400, 413, 422). No other deployment is tried.</summary>
    InvalidRequest,

    /// <summary>The input doesn't fit the model's context. Only deployments with a larger one are tried.</summary>
    ContextLength,

    /// <summary>The provider refuses the content. No other deployment is tried: a refusal is not bypassed.</summary>
    ContentPolicy,

    /// <summary>A guardrail at the gateway denied the request or the answer (446). No other deployment is tried.</summary>
    GuardrailDenied,

    /// <summary>The credential is wrong or lacks a permission (401, 403).</summary>
    Authentication,

    /// <summary>The deployment doesn't exist at the provider (404).</summary>
    ModelNotFound,

    /// <summary>The account has run out of money or quota (402, 412, a billing 429): waiting seconds won't help.</summary>
    QuotaExhausted,

    /// <summary>Too many requests or tokens in a short time (429).</summary>
    RateLimited,

    /// <summary>The provider is failing (5xx, 529).</summary>
    ProviderUnavailable,

    /// <summary>The gateway itself is failing or answered something that is not its protocol.</summary>
    GatewayFault,

    /// <summary>No endpoint of the gateway can be reached: nothing was sent, and no other deployment is tried.</summary>
    GatewayUnavailable,

    /// <summary>The connection could not be made, or broke.</summary>
    Network,

    /// <summary>The answer didn't come in time: within the request's deadline, or the time that one call may take while others could be tried.</summary>
    Timeout,

    /// <summary>A stream was opened, but showed no content in time.</summary>
    FirstTokenTimeout,

    /// <summary>A stream fell silent after its first content.</summary>
    StreamStalled,

    /// <summary>A stream ended without saying that it was complete.</summary>
    StreamTruncated,

    /// <summary>The answer is not what was asked for: JSON that doesn't parse, a schema that isn't kept, an empty body.</summary>
    BadOutput,

    /// <summary>An answer is larger than a limit of the SDK.</summary>
    TooLarge,

    /// <summary>Too many requests were under way in this process: the SDK turned this one away, and nothing was sent.</summary>
    Overloaded,

    /// <summary>The caller gave up.</summary>
    Cancelled,

    /// <summary>Anything else.</summary>
    Unknown,
}
