using System.Text.Json;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>What an error body says, whichever of the gateway's and the providers' shapes it has.</summary>
internal struct ErrorBody
{
    /// <summary>What happened, in the sender's words. Untrusted: it may quote the request.</summary>
    public string? Message;

    /// <summary>The kind of error, such as <c>rate_limit_error</c>.</summary>
    public string? Type;

    /// <summary>The code of the error, such as <c>insufficient_quota</c>.</summary>
    public string? Code;

    /// <summary>The slug of the provider, which the gateway adds to a provider's error.</summary>
    public string? Provider;

    /// <summary>What Google's RetryInfo says, such as <c>12s</c>.</summary>
    public string? RetryDelay;

    /// <summary>Whether the gateway itself says so (<c>"status":"failure"</c>, or <c>"ok":false</c> for an unknown route).</summary>
    public bool IsGateways;

    /// <summary>Whether it is the gateway's wrapping of something that is not JSON (<c>html-message</c>).</summary>
    public bool IsHtmlMessage;

    /// <summary>Whether guardrails ran on the answer: then the provider had worked.</summary>
    public bool HasAnswerHooks;

    /// <summary>Whether there was an error at all in what was read.</summary>
    public bool IsError;

    /// <summary>Reads a body. What can't be read leaves the rest empty.</summary>
    public static ErrorBody Parse(ReadOnlySpan<byte> json)
    {
        ErrorBody body = default;
        try
        {
            Utf8JsonReader reader = new(json, JsonText.ReaderOptions);
            if (reader.Read())
            {
                // Google's own errors may come as an array of one.
                if (reader.TokenType == JsonTokenType.StartArray)
                {
                    reader.Read();
                }

                body.ReadObject(ref reader, isInner: false);
            }
        }
        catch (Exception exception) when (JsonText.IsBroken(exception))
        {
            return body;
        }

        return body;
    }

    private void ReadObject(ref Utf8JsonReader reader, bool isInner)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadField(ref reader, isInner);
        }
    }

    private void ReadField(ref Utf8JsonReader reader, bool isInner)
    {
        if (reader.ValueTextEquals("error"u8))
        {
            reader.Read();
            ReadError(ref reader);
        }
        else if (reader.ValueTextEquals("message"u8) || reader.ValueTextEquals("detail"u8))
        {
            reader.Read();
            string? message = JsonText.ReadNonEmpty(ref reader);
            Message = isInner ? message ?? Message : Message ?? message;
        }
        else if (reader.ValueTextEquals("type"u8))
        {
            reader.Read();
            string? type = JsonText.ReadNonEmpty(ref reader);
            Type = isInner ? type ?? Type : Type ?? type;
        }
        else if (reader.ValueTextEquals("code"u8))
        {
            reader.Read();
            Code = ReadCode(ref reader) ?? Code;
        }
        else if (reader.ValueTextEquals("status"u8))
        {
            reader.Read();
            ReadStatus(ref reader, isInner);
        }
        else if (reader.ValueTextEquals("html-message"u8))
        {
            reader.Read();
            IsHtmlMessage = IsError = true;
            Message = JsonText.ReadNonEmpty(ref reader);
        }
        else if (reader.ValueTextEquals("ok"u8))
        {
            reader.Read();
            IsGateways |= reader.TokenType == JsonTokenType.False;
            reader.Skip();
        }
        else if (reader.ValueTextEquals("provider"u8))
        {
            reader.Read();
            Provider ??= JsonText.ReadNonEmpty(ref reader);
            reader.Skip();
        }
        else if (reader.ValueTextEquals("retryDelay"u8))
        {
            reader.Read();
            RetryDelay = JsonText.ReadNonEmpty(ref reader);
        }
        else if (reader.ValueTextEquals("details"u8))
        {
            reader.Read();
            ReadDetails(ref reader);
        }
        else if (reader.ValueTextEquals("hook_results"u8))
        {
            reader.Read();
            ReadHooks(ref reader);
        }
        else
        {
            reader.Read();
            reader.Skip();
        }
    }

    private void ReadError(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null or JsonTokenType.False:
                return;
            case JsonTokenType.String:
                Message ??= JsonText.ReadNonEmpty(ref reader);
                break;
            case JsonTokenType.StartObject:
                ReadObject(ref reader, isInner: true);
                break;
            default:
                reader.Skip();
                break;
        }

        IsError = true;
    }

    private void ReadStatus(ref Utf8JsonReader reader, bool isInner)
    {
        string? status = JsonText.ReadNonEmpty(ref reader);
        if (isInner)
        {
            // Google: RESOURCE_EXHAUSTED and the like.
            Type ??= status;
        }
        else if (status == "failure")
        {
            IsGateways = IsError = true;
        }
    }

    private void ReadDetails(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    bool isDelay = reader.ValueTextEquals("retryDelay"u8);
                    reader.Read();
                    RetryDelay = isDelay ? JsonText.ReadNonEmpty(ref reader) : RetryDelay;
                    reader.Skip();
                }
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void ReadHooks(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isAnswer = reader.ValueTextEquals("after_request_hooks"u8);
            reader.Read();
            if (isAnswer && reader.TokenType == JsonTokenType.StartArray)
            {
                Utf8JsonReader ahead = reader;
                HasAnswerHooks = ahead.Read() && ahead.TokenType != JsonTokenType.EndArray;
            }

            reader.Skip();
        }
    }

    private static string? ReadCode(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return System.Text.Encoding.ASCII.GetString(reader.ValueSpan);
        }

        return JsonText.ReadNonEmpty(ref reader);
    }
}
