using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk;

/// <summary>One piece of a response that is being streamed.</summary>
public sealed class LlmResponseUpdate
{
    private readonly string? _text;
    private readonly StreamHead? _head;
    private ChatResponseUpdate? _content;

    /// <summary>Initializes a new instance of the <see cref="LlmResponseUpdate"/> class.</summary>
    /// <param name="content">The piece.</param>
    /// <param name="receipt">What the response cost; only on the last piece.</param>
    public LlmResponseUpdate(ChatResponseUpdate content, LlmReceipt? receipt = null)
    {
        _content = content ?? throw new ArgumentNullException(nameof(content));
        Receipt = receipt;
    }

    /// <summary>Initializes a new instance of the <see cref="LlmResponseUpdate"/> class with nothing but text, as nearly all pieces are.</summary>
    internal LlmResponseUpdate(string text, StreamHead head)
    {
        _text = text;
        _head = head;
    }

    /// <summary>Gets the piece. One that is nothing but text is put into this shape when it is first asked for; <see cref="Text"/> is cheaper.</summary>
    public ChatResponseUpdate Content =>
        _content ?? Interlocked.CompareExchange(ref _content, _head!.ToUpdate(_text!), null) ?? _content;

    /// <summary>Gets what happened to the request and what it cost; <see langword="null"/> on every update but the last.</summary>
    public LlmReceipt? Receipt { get; }

    /// <summary>Gets the name of the deployment that continues the answer from here on, after its stream broke off (<see cref="LlmRequest.ContinueBrokenStream"/>); <see langword="null"/> on every other update.</summary>
    public string? ContinuedBy { get; init; }

    /// <summary>Gets the text of the piece; empty when it carries none.</summary>
    public string Text => _content?.Text ?? _text ?? "";

    /// <summary>Gets the text, as it came, of a piece that is nothing but text.</summary>
    internal string? PlainText => _text;

    /// <summary>Gets what a piece that is nothing but text has in common with others.</summary>
    internal StreamHead? Head => _head;

    /// <inheritdoc/>
    public override string ToString() => Text;
}
