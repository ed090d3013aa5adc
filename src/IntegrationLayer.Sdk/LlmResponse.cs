using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk;

/// <summary>The response to an <see cref="LlmRequest"/>.</summary>
/// <param name="content">What the model said.</param>
/// <param name="receipt">What happened, and what it cost.</param>
public sealed class LlmResponse(ChatResponse content, LlmReceipt receipt)
{
    /// <summary>Gets what the model said.</summary>
    public ChatResponse Content { get; } = content ?? throw new ArgumentNullException(nameof(content));

    /// <summary>Gets what happened to the request, and what it cost.</summary>
    public LlmReceipt Receipt { get; } = receipt ?? throw new ArgumentNullException(nameof(receipt));

    /// <summary>Gets the text of the response.</summary>
    public string Text => Content.Text;

    /// <inheritdoc/>
    public override string ToString() => Text;
}
