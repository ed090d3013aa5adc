using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk;

/// <summary>A stream broke off after its first piece had reached the caller, so that no other deployment could be tried. What had come is here.</summary>
/// <param name="message">What happened.</param>
/// <param name="errorClass">The class of the failure.</param>
/// <param name="source">Who broke it off.</param>
/// <param name="innerException">What caused it.</param>
public sealed class LlmStreamInterruptedException(string message, LlmErrorClass errorClass, LlmErrorSource source, Exception? innerException = null)
    : LlmException(message, errorClass, source, innerException)
{
    /// <summary>Gets how the stream broke off.</summary>
    public LlmInterruptionReason Reason => ErrorClass switch
    {
        LlmErrorClass.Network => LlmInterruptionReason.Reset,
        LlmErrorClass.StreamTruncated => LlmInterruptionReason.Truncated,
        LlmErrorClass.StreamStalled => LlmInterruptionReason.Stalled,
        LlmErrorClass.Timeout when ErrorSource is LlmErrorSource.Sdk => LlmInterruptionReason.Deadline,
        LlmErrorClass.TooLarge => LlmInterruptionReason.Oversize,
        LlmErrorClass.BadOutput or LlmErrorClass.GatewayFault => LlmInterruptionReason.Malformed,
        LlmErrorClass.Cancelled => LlmInterruptionReason.Unread,
        _ => LlmInterruptionReason.ProviderError,
    };

    /// <summary>Gets the text that had arrived.</summary>
    public string PartialText { get; init; } = "";

    /// <summary>Gets the reasoning that had arrived.</summary>
    public string PartialReasoning { get; init; } = "";

    /// <summary>Gets the tool calls that had arrived whole. One that was still being written is not among them.</summary>
    public IReadOnlyList<FunctionCallContent> ToolCalls { get; init; } = [];

    /// <summary>Gets the tokens that the provider had reported so far; <see langword="null"/> if it had reported none. It may bill more.</summary>
    public UsageDetails? UsageSoFar { get; init; }

    /// <summary>Gets what the request has cost so far; an estimate, since the provider reported nothing final.</summary>
    public LlmReceipt? Receipt { get; init; }
}
