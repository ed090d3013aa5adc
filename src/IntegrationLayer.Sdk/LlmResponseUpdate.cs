using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk;

/// <summary>One piece of a response that is being streamed.</summary>
/// <param name="content">The piece.</param>
/// <param name="receipt">What the response cost; only on the last piece.</param>
public sealed class LlmResponseUpdate(ChatResponseUpdate content, LlmReceipt? receipt = null)
{
    /// <summary>Gets the piece.</summary>
    public ChatResponseUpdate Content { get; } = content ?? throw new ArgumentNullException(nameof(content));

    /// <summary>Gets what happened to the request and what it cost; <see langword="null"/> on every update but the last.</summary>
    public LlmReceipt? Receipt { get; } = receipt;

    /// <summary>Gets the text of the piece; empty when it carries none.</summary>
    public string Text => Content.Text;

    /// <inheritdoc/>
    public override string ToString() => Text;
}
