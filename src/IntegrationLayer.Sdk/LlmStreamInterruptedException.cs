namespace IntegrationLayer.Sdk;

/// <summary>A stream broke off after its first piece had reached the caller, so that no other deployment could be tried.</summary>
/// <param name="message">What happened.</param>
/// <param name="errorClass">The class of the failure.</param>
/// <param name="source">Who broke it off.</param>
/// <param name="innerException">What caused it.</param>
public sealed class LlmStreamInterruptedException(string message, LlmErrorClass errorClass, LlmErrorSource source, Exception? innerException = null)
    : LlmException(message, errorClass, source, innerException)
{
    /// <summary>Gets the text that had arrived.</summary>
    public string PartialText { get; init; } = "";

    /// <summary>Gets what the request has cost so far; an estimate, since the provider reported nothing.</summary>
    public LlmReceipt? Receipt { get; init; }
}
