namespace IntegrationLayer.Sdk;

/// <summary>A model answered, and was paid, but its answer is not of the type that was asked for.</summary>
/// <param name="message">What is wrong with it. Not the answer itself.</param>
/// <param name="response">The response.</param>
/// <param name="innerException">What reading it led to.</param>
public sealed class LlmOutputException(string message, LlmResponse response, Exception? innerException = null)
    : LlmException(message, LlmErrorClass.BadOutput, LlmErrorSource.Provider, innerException)
{
    /// <summary>Gets the response, with the receipt of what it cost.</summary>
    public LlmResponse Response { get; } = response;
}
