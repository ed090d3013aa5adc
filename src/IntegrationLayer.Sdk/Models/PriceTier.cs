namespace IntegrationLayer.Sdk.Models;

/// <summary>Prices of requests with a long input, in US dollars per million tokens.</summary>
/// <remarks>A tier applies to every token of the request, as Google, Anthropic and OpenAI bill it. A price left out stays as it is below the tier.</remarks>
public sealed record PriceTier
{
    /// <summary>Gets the number of input tokens (cached ones included) above which the tier applies.</summary>
    public required long AboveInputTokens { get; init; }

    /// <summary>Gets the price of uncached input tokens.</summary>
    public decimal? Input { get; init; }

    /// <summary>Gets the price of output tokens.</summary>
    public decimal? Output { get; init; }

    /// <summary>Gets the price of input tokens read from the prompt cache.</summary>
    public decimal? CacheRead { get; init; }

    /// <summary>Gets the price of input tokens written to the prompt cache.</summary>
    public decimal? CacheWrite { get; init; }
}
