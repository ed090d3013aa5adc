using System.Text.Json;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Reads the <c>message</c> of an answer or the <c>delta</c> of a chunk; one instance serves all chunks of a stream.</summary>
internal sealed class MessageParser(string provider, bool keepsReasoning) : IDisposable
{
    private string? _text;
    private string? _blockText;
    private string? _refusal;
    private string? _reasoning;
    private List<AIContent>? _blocks;
    private List<AIContent>? _media;
    private ToolCallAssembler? _tools;
    private bool _hasMore;

    /// <summary>Gets the tool calls; most answers have none.</summary>
    public ToolCallAssembler Tools => _tools ??= new ToolCallAssembler();

    /// <summary>Gets a value indicating whether pieces of tool calls have come.</summary>
    public bool HasTools => _tools is { Count: > 0 };

    /// <summary>Gets how many pieces of tool calls have come.</summary>
    public int ToolPieces => _tools?.Pieces ?? 0;

    /// <summary>Gets a value indicating whether reasoning was read that nobody wants.</summary>
    public bool HasUnwantedReasoning => !keepsReasoning && (_reasoning is not null || _blocks is not null);

    /// <summary>Gets the fields nobody knows, of the message and of the choice around it; <see langword="null"/> if there are none.</summary>
    public AdditionalPropertiesDictionary? Extra { get; private set; }

    /// <summary>Gets where in the JSON the text stands, between its quotes; <see langword="null"/> if it isn't one string.</summary>
    public Range? TextAt { get; private set; }

    /// <summary>Gets the text of a message or delta that says nothing else; <see langword="null"/> if it says something else too, or no text.</summary>
    public string? PlainText => _hasMore || Extra is not null ? null : _text;

    public void Dispose() => _tools?.Dispose();

    /// <summary>Forgets what was read, except for the pieces of tool calls.</summary>
    public void Reset()
    {
        _text = _blockText = _refusal = _reasoning = null;
        _blocks = _media = null;
        _hasMore = false;
        TextAt = null;
        Extra = null;
    }

    /// <summary>Reads a message or delta.</summary>
    public void Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadField(ref reader);
        }
    }

    /// <summary>Reads a field that nobody knows; the reader stands on its name.</summary>
    public void ReadExtra(ref Utf8JsonReader reader)
    {
        ReadOnlySpan<byte> name = reader.ValueSpan;
        reader.Read();
        if (JsonText.ReadValue(ref reader) is { } value)
        {
            (Extra ??= [])[JsonText.Name(name)] = value;
        }
    }

    /// <summary>Gives what was read, tool calls aside.</summary>
    /// <returns><see langword="null"/> when there is nothing.</returns>
    public List<AIContent>? TakeContents()
    {
        List<AIContent>? contents = null;
        if (keepsReasoning)
        {
            contents = _blocks;
            if (contents is null && _reasoning is not null)
            {
                Add(ref contents, new TextReasoningContent(_reasoning));
            }
        }

        if ((_text ?? _blockText) is { } text)
        {
            Add(ref contents, new TextContent(text));
        }

        if (_refusal is not null)
        {
            Add(ref contents, new ErrorContent(_refusal) { ErrorCode = "Refusal" });
        }

        if (_media is not null)
        {
            foreach (AIContent media in _media)
            {
                Add(ref contents, media);
            }
        }

        return contents;
    }

    private static void Add(ref List<AIContent>? contents, AIContent content) => (contents ??= new(1)).Add(content);

    private void ReadField(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("content"u8))
        {
            reader.Read();
            ReadContent(ref reader);
            return;
        }

        if (reader.ValueTextEquals("role"u8) || reader.ValueTextEquals("reasoning_details"u8))
        {
            reader.Read();
            reader.Skip();
        }
        else if (reader.ValueTextEquals("refusal"u8))
        {
            reader.Read();
            _refusal = JsonText.ReadNonEmpty(ref reader);
            _hasMore |= _refusal is not null;
        }
        else
        {
            ReadOther(ref reader);
        }
    }

    private void ReadOther(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("tool_calls"u8))
        {
            _hasMore = true;
            reader.Read();
            Tools.ReadAll(ref reader);
        }
        else if (reader.ValueTextEquals("reasoning_content"u8))
        {
            reader.Read();
            _reasoning = JsonText.ReadNonEmpty(ref reader) ?? _reasoning;
            _hasMore |= _reasoning is not null;
        }
        else if (reader.ValueTextEquals("reasoning"u8))
        {
            reader.Read();
            _reasoning ??= JsonText.ReadNonEmpty(ref reader);
            reader.Skip();
            _hasMore |= _reasoning is not null;
        }
        else if (reader.ValueTextEquals("content_blocks"u8))
        {
            reader.Read();
            ReadBlocks(ref reader);
        }
        else if (reader.ValueTextEquals("images"u8))
        {
            reader.Read();
            ReadBlocks(ref reader);
        }
        else if (reader.ValueTextEquals("function_call"u8))
        {
            _hasMore = true;
            reader.Read();
            Tools.ReadFunction(ref reader);
        }
        else
        {
            ReadExtra(ref reader);
        }
    }

    private void ReadContent(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            int start = (int)reader.TokenStartIndex + 1;
            TextAt = start..(start + reader.ValueSpan.Length);
            _text = JsonText.ReadNonEmpty(ref reader);
            return;
        }

        TextAt = null;

        ReadBlocks(ref reader);
        _text = _blockText;
    }

    private void ReadBlocks(ref Utf8JsonReader reader)
    {
        _hasMore = true;
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Block block = default;
            ReadBlock(ref reader, ref block, 0);
            Keep(block);
        }
    }

    // {type, text | thinking, signature | data | image_url} in an answer; the same within {index, delta: …} in a chunk.
    private static void ReadBlock(ref Utf8JsonReader reader, ref Block block, int depth)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("text"u8))
            {
                reader.Read();
                block.Text = JsonText.ReadNonEmpty(ref reader) ?? block.Text;
            }
            else if (reader.ValueTextEquals("thinking"u8))
            {
                reader.Read();
                ReadThinking(ref reader, ref block);
            }
            else if (reader.ValueTextEquals("signature"u8))
            {
                reader.Read();
                block.Signature = JsonText.ReadNonEmpty(ref reader);
            }
            else if (reader.ValueTextEquals("data"u8))
            {
                reader.Read();
                block.Data = JsonText.ReadNonEmpty(ref reader);
            }
            else if (reader.ValueTextEquals("url"u8))
            {
                reader.Read();
                block.Url = JsonText.ReadNonEmpty(ref reader);
            }
            else if (depth < 2 && (reader.ValueTextEquals("delta"u8) || reader.ValueTextEquals("image_url"u8)))
            {
                reader.Read();
                ReadBlock(ref reader, ref block, depth + 1);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
    }

    // Mistral's thinking is an array of text parts, everybody else's a string.
    private static void ReadThinking(ref Utf8JsonReader reader, ref Block block)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            block.Thinking = JsonText.ReadNonEmpty(ref reader);
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Block part = default;
            ReadBlock(ref reader, ref part, 2);
            block.Thinking += part.Text;
        }
    }

    private void Keep(in Block block)
    {
        if (block.Text is not null)
        {
            _blockText = _blockText is null ? block.Text : _blockText + block.Text;
        }

        if (block.Thinking is not null || block.Signature is not null || block.Data is not null)
        {
            TextReasoningContent reasoning = new(block.Thinking) { ProtectedData = block.Signature ?? block.Data };
            if (reasoning.ProtectedData is not null)
            {
                reasoning.AdditionalProperties = new() { [MessageFields.SignedBy] = provider };
                if (block.Data is not null)
                {
                    reasoning.AdditionalProperties[MessageFields.Redacted] = true;
                }
            }

            Add(ref _blocks, reasoning);
        }

        if (block.Url is not null && ToMedia(block.Url) is { } media)
        {
            Add(ref _media, media);
        }
    }

    private static AIContent? ToMedia(string url)
    {
        try
        {
            return url.StartsWith("data:", StringComparison.Ordinal) ? new DataContent(url) : new UriContent(url, "image/*");
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            return null;
        }
    }

    private struct Block
    {
        public string? Text;
        public string? Thinking;
        public string? Signature;
        public string? Data;
        public string? Url;
    }
}
