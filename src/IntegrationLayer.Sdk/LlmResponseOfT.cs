namespace IntegrationLayer.Sdk;

/// <summary>A response whose text was read as a value.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="value">The value.</param>
/// <param name="response">The response that it came in.</param>
public sealed class LlmResponse<T>(T value, LlmResponse response)
{
    /// <summary>Gets the value.</summary>
    public T Value { get; } = value;

    /// <summary>Gets the response that it came in.</summary>
    public LlmResponse Response { get; } = response ?? throw new ArgumentNullException(nameof(response));

    /// <summary>Gets what happened to the request, and what it cost.</summary>
    public LlmReceipt Receipt => Response.Receipt;
}
