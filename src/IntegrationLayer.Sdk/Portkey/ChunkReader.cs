using System.Text.Json;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Reads the chunks of one streamed chat answer.</summary>
internal sealed class ChunkReader(string provider, bool keepsReasoning) : IDisposable
{
    private readonly MessageParser _parser = new(provider, keepsReasoning);
    private StringMemo _id;
    private StringMemo _model;
    private StreamExtras? _extras;
    private UsageCounter _usage;
    private ChunkPattern _pattern;
    private StreamHead? _head;
    private Range? _padding;
    private DateTimeOffset? _created;
    private string? _finish;
    private int _toolPieces;

    /// <summary>Gets whether a finish reason has come: the answer is complete, though its usage may follow.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Gets the finish reason that reports a failure.</summary>
    public string? FailedBy { get; private set; }

    /// <summary>Gets whether the chunk read last is an error.</summary>
    public bool IsError { get; private set; }

    /// <summary>Gets whether the chunk read last brought something of the model's that isn't given out: a piece of a tool call, or reasoning that nobody wants.</summary>
    public bool HasHiddenContent { get; private set; }

    /// <summary>Gets the usage reported so far.</summary>
    public UsageDetails? Usage => _usage.ToUsage(provider);

    /// <summary>Reads a chunk.</summary>
    /// <returns>What it brings; <see langword="null"/> if nothing, or if it is an error.</returns>
    /// <exception cref="JsonException">It is not the JSON of a chunk.</exception>
    public LlmResponseUpdate? Read(ReadOnlySpan<byte> json)
    {
        HasHiddenContent = false;
        if (_pattern.TryRead(json, out string text))
        {
            return new LlmResponseUpdate(text, Head());
        }

        _pattern.Forget();
        _parser.Reset();
        _finish = null;
        _padding = null;
        Utf8JsonReader reader = new(json, JsonText.ReaderOptions);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("A chunk is not a JSON object.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName && !IsError)
        {
            ReadField(ref reader, json);
        }

        if (IsError)
        {
            return null;
        }

        if (_finish is null && _parser.PlainText is { } plain)
        {
            if (_parser.TextAt is { } place)
            {
                _pattern.Learn(json, place, _padding);
            }

            return new LlmResponseUpdate(plain, Head());
        }

        HasHiddenContent = _parser.HasUnwantedReasoning || _parser.ToolPieces != _toolPieces;
        _toolPieces = _parser.ToolPieces;
        List<AIContent>? contents = _parser.TakeContents();
        if (_finish is not null && FinishReasons.IsError(_finish))
        {
            FailedBy = _finish;
            return null;
        }

        bool finishes = _finish is not null && !IsFinished;
        if (finishes)
        {
            IsFinished = true;
            AddToolCalls(ref contents);
        }

        return contents is null && _parser.Extra is null && !finishes
            ? null
            : new LlmResponseUpdate(Update(contents, finishes ? FinishReasons.Map(_finish!) : null));
    }

    /// <summary>Gives the last update: tool calls that no finish reason followed, the usage, and the fields around the choices.</summary>
    /// <returns><see langword="null"/> if there is nothing to tell.</returns>
    public LlmResponseUpdate? ReadEnd()
    {
        _parser.Reset();
        List<AIContent>? contents = null;
        AddToolCalls(ref contents);
        if (Usage is { } usage)
        {
            (contents ??= new(1)).Add(new UsageContent(usage));
        }

        AdditionalPropertiesDictionary? extras = _extras?.Take();
        if (contents is null && extras is null)
        {
            return null;
        }

        ChatResponseUpdate update = Update(contents, null);
        update.AdditionalProperties = extras;
        return new LlmResponseUpdate(update);
    }

    /// <summary>Hands over the tool calls that had come whole when the answer broke off.</summary>
    public bool HasOpenToolCall => _parser.HasTools && _parser.Tools.Count > 0;

    public IReadOnlyList<FunctionCallContent> TakeWholeToolCalls() => _parser.HasTools ? _parser.Tools.TakeWhole() : [];

    public void Dispose() => _parser.Dispose();

    private StreamHead Head() =>
        _head is { } known && known.Id == _id.Value && known.ModelId == _model.Value && known.CreatedAt == _created
            ? known
            : _head = new StreamHead(_id.Value, _model.Value, _created);

    private void AddToolCalls(ref List<AIContent>? contents)
    {
        if (!_parser.HasTools)
        {
            return;
        }

        contents ??= new(_parser.Tools.Count);
        if (!_parser.Tools.TryTake(contents))
        {
            throw new JsonException("A tool call has no name.");
        }
    }

    private ChatResponseUpdate Update(List<AIContent>? contents, ChatFinishReason? finish) => new()
    {
        Role = ChatRole.Assistant,
        Contents = contents ?? [],
        ResponseId = _id.Value,
        MessageId = _id.Value,
        ModelId = _model.Value,
        CreatedAt = _created,
        FinishReason = finish,
        AdditionalProperties = _parser.Extra,
    };

    // By length first: a stream is mostly names, and most of them are told apart by it.
    private void ReadField(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        ReadOnlySpan<byte> name = reader.ValueSpan;
        switch (name.Length)
        {
            case 2 when name.SequenceEqual("id"u8):
                reader.Read();
                _id.Read(ref reader);
                break;
            case 5 when name.SequenceEqual("model"u8):
                reader.Read();
                _model.Read(ref reader);
                break;
            case 5 when name.SequenceEqual("usage"u8):
                reader.Read();
                _usage.Read(ref reader);
                break;
            case 5 when name.SequenceEqual("error"u8):
                reader.Read();
                IsError = reader.TokenType is not (JsonTokenType.Null or JsonTokenType.False);
                reader.Skip();
                break;
            case 7 when name.SequenceEqual("choices"u8):
                reader.Read();
                ReadChoices(ref reader);
                break;
            case 7 when name.SequenceEqual("created"u8):
                reader.Read();
                ReadCreated(ref reader);
                break;
            case 11 when name.SequenceEqual("obfuscation"u8):
                reader.Read();
                ReadPadding(ref reader);
                break;
            case 6 when name.SequenceEqual("object"u8):
            case 8 when name.SequenceEqual("provider"u8):
            case 12 when name.SequenceEqual("hook_results"u8):
                reader.Read();
                reader.Skip();
                break;
            default:
                (_extras ??= new()).Read(ref reader, json);
                break;
        }
    }

    // Of random length, so that the length of an encrypted event doesn't give its text away.
    private void ReadPadding(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            int start = (int)reader.TokenStartIndex + 1;
            _padding = start..(start + reader.ValueSpan.Length);
        }

        reader.Skip();
    }

    private void ReadCreated(ref Utf8JsonReader reader)
    {
        if (_created is null)
        {
            _created = ChatAnswerReader.ReadMoment(ref reader);
        }
        else
        {
            reader.Skip();
        }
    }

    private void ReadChoices(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        // One answer is asked for, so there is one choice; a server that sends more gets the first one heard.
        bool isFirst = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!isFirst || reader.TokenType != JsonTokenType.StartObject || IsFurther(reader))
            {
                reader.Skip();
                continue;
            }

            isFirst = false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                ReadChoiceField(ref reader);
            }
        }
    }

    // The reader is a copy: the index may come after what it belongs to.
    private static bool IsFurther(Utf8JsonReader choice)
    {
        while (choice.Read() && choice.TokenType == JsonTokenType.PropertyName)
        {
            bool isIndex = choice.ValueSpan.SequenceEqual("index"u8);
            choice.Read();
            if (isIndex)
            {
                return choice.TokenType == JsonTokenType.Number && !(choice.TryGetInt64(out long index) && index == 0);
            }

            choice.Skip();
        }

        return false;
    }

    private void ReadChoiceField(ref Utf8JsonReader reader)
    {
        ReadOnlySpan<byte> name = reader.ValueSpan;
        switch (name.Length)
        {
            case 5 when name.SequenceEqual("delta"u8):
            case 7 when name.SequenceEqual("message"u8):
                reader.Read();
                _parser.Read(ref reader);
                break;
            case 5 when name.SequenceEqual("index"u8):
                reader.Read();
                reader.Skip();
                break;
            case 13 when name.SequenceEqual("finish_reason"u8):
                reader.Read();
                _finish = JsonText.ReadNonEmpty(ref reader) ?? _finish;
                break;
            default:
                _parser.ReadExtra(ref reader);
                break;
        }
    }
}
