namespace IntegrationLayer.Sdk.Testing;

/// <summary>
/// The token counts of an answer. Counts are whole and independent of the provider; the fake writes them the way the gateway does for the
/// provider of the request: <c>prompt_tokens</c> includes cached tokens for OpenAI and most others, and leaves them out for Anthropic,
/// which reports <c>cache_read_input_tokens</c> and <c>cache_creation_input_tokens</c> beside it.
/// </summary>
public sealed class FakePortkeyUsage
{
    /// <summary>Sets the token counts.</summary>
    /// <param name="inputTokens">All input tokens, with those read from and written to the provider's cache.</param>
    /// <param name="outputTokens">All output tokens, with those of reasoning.</param>
    /// <param name="cachedTokens">Input tokens read from the provider's prompt cache.</param>
    /// <param name="cacheWriteTokens">Input tokens written to the provider's prompt cache; only Anthropic reports them.</param>
    /// <param name="reasoningTokens">Output tokens spent on reasoning.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative, or a part is greater than its whole.</exception>
    public FakePortkeyUsage(int inputTokens, int outputTokens, int cachedTokens = 0, int cacheWriteTokens = 0, int reasoningTokens = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(inputTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(outputTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(cachedTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(cacheWriteTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(reasoningTokens);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cachedTokens, inputTokens);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cacheWriteTokens, inputTokens - cachedTokens);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(reasoningTokens, outputTokens);
        InputTokens = inputTokens;
        OutputTokens = outputTokens;
        CachedTokens = cachedTokens;
        CacheWriteTokens = cacheWriteTokens;
        ReasoningTokens = reasoningTokens;
    }

    /// <summary>Gets all input tokens, with cached ones.</summary>
    public int InputTokens { get; }

    /// <summary>Gets all output tokens, with those of reasoning.</summary>
    public int OutputTokens { get; }

    /// <summary>Gets the input tokens read from the provider's prompt cache.</summary>
    public int CachedTokens { get; }

    /// <summary>Gets the input tokens written to the provider's prompt cache.</summary>
    public int CacheWriteTokens { get; }

    /// <summary>Gets the output tokens spent on reasoning.</summary>
    public int ReasoningTokens { get; }

    /// <summary>Gets input plus output.</summary>
    public long TotalTokens => (long)InputTokens + OutputTokens;

    /// <summary>What an answer reports when the script sets nothing: one token for every four characters, rounded up, at least one.</summary>
    internal static int Estimate(int characters) => Math.Max(1, (characters + 3) / 4);
}
