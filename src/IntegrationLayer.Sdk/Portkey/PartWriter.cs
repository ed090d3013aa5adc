using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Writes the parts of a message of several kinds of content.</summary>
internal static class PartWriter
{
    public static void Write(Utf8JsonWriter writer, AIContent content, Deployment deployment)
    {
        switch (content)
        {
            case TextContent text:
                Begin(writer, "text"u8);
                writer.WriteString("text"u8, text.Text);
                break;
            case DataContent data when data.HasTopLevelMediaType("image"):
                WriteImage(writer, data);
                break;
            case UriContent address when address.HasTopLevelMediaType("image"):
                WriteImage(writer, address);
                break;
            case DataContent data when data.HasTopLevelMediaType("audio"):
                WriteAudio(writer, data);
                break;
            case DataContent data when data.HasTopLevelMediaType("text"):
                Begin(writer, "text"u8);
                writer.WriteString("text"u8, Encoding.UTF8.GetString(data.Data.Span));
                break;
            case DataContent data when IsPdf(data.MediaType):
                WriteFile(writer, data, deployment);
                break;
            case UriContent address when IsPdf(address.MediaType) && ProviderTraits.TakesBareFiles(deployment):
                Begin(writer, "file"u8);
                writer.WriteStartObject("file"u8);
                writer.WriteString("file_url"u8, address.Uri.AbsoluteUri);
                writer.WriteString("mime_type"u8, address.MediaType);
                writer.WriteEndObject();
                break;
            case HostedFileContent file:
                Begin(writer, "file"u8);
                writer.WriteStartObject("file"u8);
                writer.WriteString("file_id"u8, file.FileId);
                writer.WriteEndObject();
                break;
            case UsageContent:
                return;
            default:
                throw PortkeyFailures.InvalidRequest(Refusal(content));
        }

        if (content.AdditionalProperties?.TryGetValue(ContentMarks.CacheControl, out object? mark) == true && mark is not null and not false)
        {
            WriteMark(writer);
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes a text up to which the provider's prompt cache is to be written.</summary>
    public static void WriteMarked(Utf8JsonWriter writer, string text)
    {
        Begin(writer, "text"u8);
        writer.WriteString("text"u8, text);
        WriteMark(writer);
        writer.WriteEndObject();
    }

    private static void WriteMark(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("cache_control"u8);
        writer.WriteString("type"u8, "ephemeral"u8);
        writer.WriteEndObject();
    }

    private static string Refusal(AIContent content) => content switch
    {
        DataContent data => $"Data of the type {data.MediaType} can't be sent. Send images, audio, PDF or text.",
        UriContent address => $"An address of the type {address.MediaType} can't be sent. Load it and send it as DataContent.",
        _ => $"A {content.GetType().Name} can't be sent in a message of this role.",
    };

    private static bool IsPdf(string mediaType) => mediaType.Equals("application/pdf", StringComparison.OrdinalIgnoreCase);

    private static void Begin(Utf8JsonWriter writer, ReadOnlySpan<byte> type)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, type);
    }

    private static void WriteImage(Utf8JsonWriter writer, AIContent content)
    {
        Begin(writer, "image_url"u8);
        writer.WriteStartObject("image_url"u8);
        if (content is DataContent data)
        {
            writer.WritePropertyName("url"u8);
            WriteBase64(writer, data, hasPrefix: true);
        }
        else
        {
            writer.WriteString("url"u8, ((UriContent)content).Uri.AbsoluteUri);
        }

        if (content.AdditionalProperties?.TryGetValue(MessageFields.Detail, out object? value) == true && value is string detail)
        {
            writer.WriteString("detail"u8, detail);
        }

        writer.WriteEndObject();
    }

    private static void WriteAudio(Utf8JsonWriter writer, DataContent data)
    {
        string subtype = data.MediaType[(data.MediaType.IndexOf('/', StringComparison.Ordinal) + 1)..].ToLowerInvariant();
        Begin(writer, "input_audio"u8);
        writer.WriteStartObject("input_audio"u8);
        writer.WritePropertyName("data"u8);
        WriteBase64(writer, data, hasPrefix: false);
        writer.WriteString("format"u8, subtype switch { "mpeg" or "mp3" => "mp3", "wav" or "x-wav" or "wave" or "vnd.wave" => "wav", _ => subtype });
        writer.WriteEndObject();
    }

    private static void WriteFile(Utf8JsonWriter writer, DataContent data, Deployment deployment)
    {
        // The gateway has no translation of files for Gemini, but passes any data URI of an "image" on with its media type.
        if (ProviderTraits.IsGemini(deployment))
        {
            WriteImage(writer, data);
            return;
        }

        bool isBare = ProviderTraits.TakesBareFiles(deployment);
        Begin(writer, "file"u8);
        writer.WriteStartObject("file"u8);
        writer.WritePropertyName("file_data"u8);
        WriteBase64(writer, data, hasPrefix: !isBare);
        if (isBare)
        {
            writer.WriteString("mime_type"u8, data.MediaType);
        }
        else
        {
            writer.WriteString("filename"u8, string.IsNullOrEmpty(data.Name) ? "document.pdf" : data.Name);
        }

        writer.WriteEndObject();
    }

    // Base64 needs no escaping: it goes from the bytes into the body without a string in between.
    private static void WriteBase64(Utf8JsonWriter writer, DataContent data, bool hasPrefix)
    {
        ReadOnlySpan<byte> bytes = data.Data.Span;
        using PooledBuffer value = new(checked(Base64.GetMaxEncodedToUtf8Length(bytes.Length) + data.MediaType.Length + 32));
        value.Append("\""u8);
        if (hasPrefix)
        {
            value.Append("data:"u8);
            value.Append(JsonEncodedText.Encode(data.MediaType).EncodedUtf8Bytes);
            value.Append(";base64,"u8);
        }

        Base64.EncodeToUtf8(bytes, value.GetSpan(Base64.GetMaxEncodedToUtf8Length(bytes.Length)), out _, out int written);
        value.Advance(written);
        value.Append("\""u8);
        writer.WriteRawValue(value.Span, skipInputValidation: true);
    }
}
