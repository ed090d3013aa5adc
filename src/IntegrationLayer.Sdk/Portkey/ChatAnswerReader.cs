using System.Text.Json;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Reads a whole chat answer.</summary>
internal struct ChatAnswerReader
{
    private readonly string _provider;
    private readonly bool _keepsReasoning;
    private readonly ChatResponse _response;
    private UsageCounter _usage;
    private bool _hasChoice;

    private ChatAnswerReader(string provider, bool keepsReasoning)
    {
        _provider = provider;
        _keepsReasoning = keepsReasoning;
        _response = new ChatResponse();
    }

    /// <summary>Gets whether the body is an error although its status says otherwise.</summary>
    public bool IsError { get; private set; }

    /// <summary>Gets the finish reason that reports a failure.</summary>
    public string? FailedBy { get; private set; }

    /// <summary>Reads an answer.</summary>
    /// <param name="json">The body.</param>
    /// <param name="provider">The provider's slug.</param>
    /// <param name="keepsReasoning">Whether reasoning is wanted.</param>
    /// <param name="answer">What it says of failures.</param>
    /// <returns>The answer; <see langword="null"/> if <paramref name="answer"/> reports a failure.</returns>
    /// <exception cref="JsonException">It is not the JSON of an answer.</exception>
    public static ChatResponse? Read(ReadOnlySpan<byte> json, string provider, bool keepsReasoning, out ChatAnswerReader answer)
    {
        answer = new ChatAnswerReader(provider, keepsReasoning);
        Utf8JsonReader reader = new(json, JsonText.ReaderOptions);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("The answer is not a JSON object.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            answer.ReadField(ref reader);
        }

        if (reader.Read())
        {
            throw new JsonException("Something follows the answer.");
        }

        if (answer.IsError || answer.FailedBy is not null)
        {
            return null;
        }

        if (!answer._hasChoice)
        {
            throw new JsonException("The answer has no choices.");
        }

        ChatResponse response = answer._response;
        response.Messages[0].MessageId = response.ResponseId;
        response.Messages[0].CreatedAt = response.CreatedAt;
        response.Usage = answer._usage.ToUsage(provider);
        return response;
    }

    /// <summary>Reads a moment given in Unix seconds.</summary>
    public static DateTimeOffset? ReadMoment(ref Utf8JsonReader reader)
    {
        const long Latest = 253_402_300_799;
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long seconds) && seconds is > 0 and <= Latest)
        {
            return DateTimeOffset.FromUnixTimeSeconds(seconds);
        }

        reader.Skip();
        return null;
    }

    private void ReadField(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("choices"u8))
        {
            reader.Read();
            ReadChoices(ref reader);
        }
        else if (reader.ValueTextEquals("id"u8))
        {
            reader.Read();
            _response.ResponseId = JsonText.ReadNonEmpty(ref reader);
        }
        else if (reader.ValueTextEquals("model"u8))
        {
            reader.Read();
            _response.ModelId = JsonText.ReadNonEmpty(ref reader);
        }
        else if (reader.ValueTextEquals("created"u8))
        {
            reader.Read();
            _response.CreatedAt = ReadMoment(ref reader);
        }
        else if (reader.ValueTextEquals("usage"u8))
        {
            reader.Read();
            _usage.Read(ref reader);
        }
        else if (reader.ValueTextEquals("error"u8))
        {
            reader.Read();
            IsError |= reader.TokenType is not (JsonTokenType.Null or JsonTokenType.False);
            reader.Skip();
        }
        else if (reader.ValueTextEquals("html-message"u8))
        {
            reader.Read();
            IsError = true;
            reader.Skip();
        }
        else if (reader.ValueTextEquals("object"u8) || reader.ValueTextEquals("provider"u8))
        {
            reader.Read();
            reader.Skip();
        }
        else
        {
            ReadExtra(ref reader);
        }
    }

    private readonly void ReadExtra(ref Utf8JsonReader reader)
    {
        ReadOnlySpan<byte> name = reader.ValueSpan;
        reader.Read();
        if (JsonText.ReadValue(ref reader) is { } value)
        {
            (_response.AdditionalProperties ??= [])[JsonText.Name(name)] = value;
        }
    }

    private void ReadChoices(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (_hasChoice || reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            _hasChoice = true;
            using MessageParser parser = new(_provider, _keepsReasoning);
            string? finish = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                ReadChoiceField(ref reader, parser, ref finish);
            }

            Finish(parser, finish);
        }
    }

    private static void ReadChoiceField(ref Utf8JsonReader reader, MessageParser parser, ref string? finish)
    {
        if (reader.ValueTextEquals("message"u8))
        {
            reader.Read();
            parser.Read(ref reader);
        }
        else if (reader.ValueTextEquals("finish_reason"u8))
        {
            reader.Read();
            finish = JsonText.ReadNonEmpty(ref reader);
        }
        else if (reader.ValueTextEquals("index"u8))
        {
            reader.Read();
            reader.Skip();
        }
        else
        {
            parser.ReadExtra(ref reader);
        }
    }

    private void Finish(MessageParser parser, string? finish)
    {
        if (finish is not null && FinishReasons.IsError(finish))
        {
            FailedBy = finish;
            return;
        }

        List<AIContent> contents = parser.TakeContents() ?? [];
        if (parser.HasTools && !parser.Tools.TryTake(contents))
        {
            throw new JsonException("A tool call has no name.");
        }

        _response.FinishReason = finish is null ? null : FinishReasons.Map(finish);
        _response.Messages.Add(new ChatMessage(ChatRole.Assistant, contents) { AdditionalProperties = parser.Extra });
    }
}
