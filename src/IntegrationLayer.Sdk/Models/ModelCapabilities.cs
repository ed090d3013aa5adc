using System.Text.Json.Serialization;

namespace IntegrationLayer.Sdk.Models;

/// <summary>What a model can do beyond plain text in and plain text out.</summary>
[Flags]
[JsonConverter(typeof(JsonStringEnumConverter<ModelCapabilities>))]
public enum ModelCapabilities
{
    /// <summary>Plain text only.</summary>
    None = 0,

    /// <summary>Calls tools (functions).</summary>
    Tools = 1 << 0,

    /// <summary>Answers with any valid JSON when asked to (<c>response_format: json_object</c>).</summary>
    Json = 1 << 1,

    /// <summary>Keeps to a JSON schema (<c>response_format: json_schema</c>).</summary>
    JsonSchema = 1 << 2,

    /// <summary>Reads images.</summary>
    Vision = 1 << 3,

    /// <summary>Hears audio.</summary>
    AudioInput = 1 << 4,

    /// <summary>Speaks audio.</summary>
    AudioOutput = 1 << 5,

    /// <summary>Reads PDF files.</summary>
    Pdf = 1 << 6,

    /// <summary>Reasons before it answers, and bills the reasoning tokens.</summary>
    Reasoning = 1 << 7,

    /// <summary>Bills tokens that it has read before at a lower price (provider-side prompt caching).</summary>
    PromptCaching = 1 << 8,

    /// <summary>Searches the web by itself.</summary>
    WebSearch = 1 << 9,

    /// <summary>Watches video.</summary>
    VideoInput = 1 << 10,

    /// <summary>Goes on with an answer that the last message of the conversation begins (prefill), as some models do: a broken stream can be continued there.</summary>
    Prefill = 1 << 11,
}
