namespace IntegrationLayer.Sdk;

/// <summary>What a call is billed for: numbers of tokens by class, which are disjoint (no token is counted twice), and searches.</summary>
public readonly record struct TokenUsage
{
    /// <summary>Gets the input tokens of text that were neither read from nor written to the provider's prompt cache.</summary>
    public long Input { get; init; }

    /// <summary>Gets the input tokens read from the provider's prompt cache.</summary>
    public long CacheRead { get; init; }

    /// <summary>Gets the input tokens written to the provider's prompt cache for its shortest time.</summary>
    public long CacheWrite { get; init; }

    /// <summary>Gets the input tokens written to the provider's prompt cache for one hour.</summary>
    public long CacheWriteOneHour { get; init; }

    /// <summary>Gets the output tokens of the visible answer.</summary>
    public long Output { get; init; }

    /// <summary>Gets the output tokens spent on reasoning.</summary>
    public long Reasoning { get; init; }

    /// <summary>Gets the input tokens of audio.</summary>
    public long AudioInput { get; init; }

    /// <summary>Gets the output tokens of audio.</summary>
    public long AudioOutput { get; init; }

    /// <summary>Gets the input tokens of images, where the provider counts them apart.</summary>
    public long ImageInput { get; init; }

    /// <summary>Gets the output tokens of images.</summary>
    public long ImageOutput { get; init; }

    /// <summary>Gets the searches of the web that the model made, where the provider counts them.</summary>
    public long WebSearches { get; init; }

    /// <summary>Gets all input tokens.</summary>
    public long TotalInput => Input + CacheRead + CacheWrite + CacheWriteOneHour + AudioInput + ImageInput;

    /// <summary>Gets all output tokens.</summary>
    public long TotalOutput => Output + Reasoning + AudioOutput + ImageOutput;
}
