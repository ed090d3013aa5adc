using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>The keys under which token counts without a property of their own stand in <see cref="UsageDetails.AdditionalCounts"/>.</summary>
/// <remarks>All of them are parts of <see cref="UsageDetails.InputTokenCount"/> or <see cref="UsageDetails.OutputTokenCount"/>, unless said otherwise.</remarks>
public static class PortkeyUsageCounts
{
    /// <summary>Input tokens written to the provider's prompt cache for its shortest time; part of the input.</summary>
    public const string CacheWrite = "cache_write_tokens";

    /// <summary>Input tokens written to the provider's prompt cache for one hour; part of the input, and not in <see cref="CacheWrite"/>.</summary>
    public const string CacheWriteOneHour = "cache_write_1h_tokens";

    /// <summary>Input tokens of audio; part of the input.</summary>
    public const string AudioInput = "audio_input_tokens";

    /// <summary>Output tokens of audio; part of the output.</summary>
    public const string AudioOutput = "audio_output_tokens";

    /// <summary>Input tokens of images; part of the input.</summary>
    public const string ImageInput = "image_input_tokens";

    /// <summary>Output tokens of images; part of the output.</summary>
    public const string ImageOutput = "image_output_tokens";

    /// <summary>Searches of the web that the provider bills apart; no tokens.</summary>
    public const string WebSearches = "web_searches";
}
