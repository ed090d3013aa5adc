namespace IntegrationLayer.Sdk.TestSupport.Provider;

/// <summary>
/// What an answer consumed, in tokens. The truth is the same for every wire format; each reports it in its own way
/// (OpenAI and Google count cached tokens as part of the input, Anthropic beside it).
/// </summary>
/// <param name="InputTokens">Input read at full price: neither read from nor written to the provider's cache.</param>
/// <param name="OutputTokens">Output, reasoning included.</param>
public sealed record ProviderUsage(int InputTokens, int OutputTokens)
{
    /// <summary>Input read from the provider's cache.</summary>
    public int CacheReadTokens { get; init; }

    /// <summary>Input written to the provider's cache; only Anthropic reports it.</summary>
    public int CacheWriteTokens { get; init; }

    /// <summary>The part of <see cref="OutputTokens"/> that was reasoning. Anthropic doesn't report it.</summary>
    public int ReasoningTokens { get; init; }

    /// <summary>All input: fresh, read from and written to the cache.</summary>
    internal int AllInputTokens => InputTokens + CacheReadTokens + CacheWriteTokens;
}
