using System.Buffers;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Execution;

/// <summary>What a stream has shown so far. Pieces of text are kept as text, in rented memory, and not as objects: a stream may have thousands.</summary>
internal sealed class StreamedAnswer : IDisposable
{
    private readonly List<ChatResponseUpdate> _updates = [];
    private char[] _text = [];
    private int _length;
    private StreamHead? _head;
    private int _begunAt;
    private string? _model;
    private AdditionalPropertiesDictionary? _tier;
    private ChatFinishReason? _finishReason;

    /// <summary>Gets who the provider says is writing, as far as it says so.</summary>
    public Served Served => new(_model, _tier) { FinishReason = _finishReason };

    /// <summary>Gets a value indicating whether a finish reason was seen.</summary>
    public bool IsFinished => _finishReason is not null;

    /// <summary>Adds a piece.</summary>
    public void Add(LlmResponseUpdate update)
    {
        if (update.PlainText is { } text)
        {
            Add(text, update.Head!);
        }
        else
        {
            Add(update.Content);
        }
    }

    /// <summary>Gets the pieces; those of text in a row are one.</summary>
    public List<ChatResponseUpdate> Updates()
    {
        EndText();
        return _updates;
    }

    /// <summary>Puts the pieces together.</summary>
    public ChatResponse ToChatResponse()
    {
        EndText();
        return StreamedText.ToChatResponse(_updates);
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        if (_text.Length > 0)
        {
            ArrayPool<char>.Shared.Return(_text);
            _text = [];
            _length = 0;
        }
    }

    private void Add(string text, StreamHead head)
    {
        if (!ReferenceEquals(head, _head))
        {
            EndText();
            _head = head;
            _begunAt = _updates.Count;
            _model ??= head.ModelId;
        }

        if (_text.Length - _length < text.Length)
        {
            char[] larger = ArrayPool<char>.Shared.Rent(Math.Max(_length + text.Length, Math.Max(1024, _text.Length * 2)));
            _text.AsSpan(0, _length).CopyTo(larger);
            int length = _length;
            Dispose();
            (_text, _length) = (larger, length);
        }

        text.CopyTo(_text.AsSpan(_length));
        _length += text.Length;
    }

    private void Add(ChatResponseUpdate update)
    {
        // What only tells about the message doesn't interrupt its text.
        if (_head is { } head && (update.MessageId != head.Id || !StreamedText.IsAboutMessage(update)))
        {
            EndText();
        }

        _updates.Add(update);
        _model ??= update.ModelId;
        _finishReason ??= update.FinishReason;
        if (update.AdditionalProperties?.ContainsKey(Served.ServiceTierKey) is true)
        {
            _tier = update.AdditionalProperties;
        }
    }

    // The pieces of text in a row become one update, where they were.
    private void EndText()
    {
        if (_head is { } head)
        {
            _updates.Insert(_begunAt, head.ToUpdate(new string(_text, 0, _length)));
            _head = null;
            _length = 0;
        }
    }
}
