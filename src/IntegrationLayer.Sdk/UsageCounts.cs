using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk;

/// <summary>Keys of <see cref="UsageDetails.AdditionalCounts"/> for the token classes that Microsoft.Extensions.AI has no stable property for.</summary>
public static class UsageCounts
{
    /// <summary>Input tokens written to the provider's prompt cache, for whatever time. A part of <see cref="UsageDetails.InputTokenCount"/>.</summary>
    public const string CacheWrite = "cache_write_tokens";

    /// <summary>Input tokens written to the provider's prompt cache for one hour. A part of <see cref="CacheWrite"/>.</summary>
    public const string CacheWriteOneHour = "cache_write_1h_tokens";

    /// <summary>Input tokens of audio. A part of <see cref="UsageDetails.InputTokenCount"/>.</summary>
    public const string AudioInput = "audio_input_tokens";

    /// <summary>Output tokens of audio. A part of <see cref="UsageDetails.OutputTokenCount"/>.</summary>
    public const string AudioOutput = "audio_output_tokens";

    /// <summary>Input tokens of images. A part of <see cref="UsageDetails.InputTokenCount"/>.</summary>
    public const string ImageInput = "image_input_tokens";

    /// <summary>Output tokens of images. A part of <see cref="UsageDetails.OutputTokenCount"/>.</summary>
    public const string ImageOutput = "image_output_tokens";

    /// <summary>Searches of the web that the provider bills apart; no tokens.</summary>
    public const string WebSearches = "web_searches";
}
