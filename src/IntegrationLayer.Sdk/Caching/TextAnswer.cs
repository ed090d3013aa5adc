using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>An answer of one message of texts, as nearly all are: strings need no serialising to be safe from change.</summary>
internal sealed class TextAnswer : IStoredAnswer
{
    // The objects around the strings.
    private const int Overhead = 256;

    private readonly ChatRole _role;
    private readonly string _text;
    private readonly string[]? _furtherTexts;
    private readonly string? _messageId;
    private readonly string? _responseId;
    private readonly string? _modelId;
    private readonly bool _isDated;
    private readonly DateTimeOffset? _createdAt;
    private readonly ChatFinishReason? _finishReason;
    private readonly KeyValuePair<string, object?>[]? _properties;
    private readonly KeyValuePair<string, object?>[]? _messageProperties;

    private TextAnswer(ChatResponse content)
    {
        ChatMessage message = content.Messages[0];
        _role = message.Role;
        _text = TextOf(message, 0);
        _furtherTexts = message.Contents.Count > 1 ? new string[message.Contents.Count - 1] : null;
        _messageId = message.MessageId;
        _isDated = message.CreatedAt is not null;
        _responseId = content.ResponseId;
        _modelId = content.ModelId;
        _createdAt = content.CreatedAt;
        _finishReason = content.FinishReason;
        _properties = Copy(content.AdditionalProperties);
        _messageProperties = Copy(message.AdditionalProperties);
        Size = Overhead + (sizeof(char) * _text.Length) + SizeOf(_properties) + SizeOf(_messageProperties);
        for (int i = 0; i < _furtherTexts?.Length; i++)
        {
            _furtherTexts[i] = TextOf(message, i + 1);
            Size += sizeof(char) * _furtherTexts[i].Length;
        }
    }

    public long Size { get; }

    /// <summary>Stores an answer; <see langword="null"/> for one that is more than texts.</summary>
    public static TextAnswer? TryStore(ChatResponse content) => IsText(content) ? new TextAnswer(content) : null;

    public ChatResponse Restore()
    {
        var contents = new List<AIContent>(1) { new TextContent(_text) };
        foreach (string text in _furtherTexts ?? [])
        {
            contents.Add(new TextContent(text));
        }

        var message = new ChatMessage(_role, contents) { MessageId = _messageId, CreatedAt = _isDated ? _createdAt : null, AdditionalProperties = Restore(_messageProperties) };
        return new ChatResponse(new List<ChatMessage>(1) { message })
        {
            ResponseId = _responseId,
            ModelId = _modelId,
            CreatedAt = _createdAt,
            FinishReason = _finishReason,
            AdditionalProperties = Restore(_properties),
        };
    }

    public IList<ChatResponseUpdate> Replay() => UpdateList.Of(Restore());

    private static bool IsText(ChatResponse content) =>
        KnownContract.Answers
        && content is { ConversationId: null, Messages: [{ AuthorName: null } message] }
        && (message.CreatedAt is null || message.CreatedAt == content.CreatedAt)
        && message.Contents.Count > 0
        && PlainText.IsAll(message.Contents)
        && AreImmutable(content.AdditionalProperties)
        && AreImmutable(message.AdditionalProperties);

    private static string TextOf(ChatMessage message, int content) => ((TextContent)message.Contents[content]).Text;

    private static KeyValuePair<string, object?>[]? Copy(AdditionalPropertiesDictionary? properties) => properties is { Count: > 0 } ? [.. properties] : null;

    private static AdditionalPropertiesDictionary? Restore(KeyValuePair<string, object?>[]? properties) => properties is null ? null : new(properties);

    private static long SizeOf(KeyValuePair<string, object?>[]? properties)
    {
        long size = 0;
        foreach ((string name, object? value) in properties ?? [])
        {
            size += sizeof(char) * (name.Length + ((value as string)?.Length ?? 0));
        }

        return size;
    }

    private static bool AreImmutable(AdditionalPropertiesDictionary? properties)
    {
        if (properties is not { Count: > 0 })
        {
            return true;
        }

        foreach ((_, object? value) in properties)
        {
            if (value is not (null or string or bool or int or long or double))
            {
                return false;
            }
        }

        return true;
    }
}
