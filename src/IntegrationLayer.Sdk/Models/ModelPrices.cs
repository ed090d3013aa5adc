namespace IntegrationLayer.Sdk.Models;

/// <summary>What a model's tokens cost, in US dollars per million tokens of each class.</summary>
/// <remarks><see langword="null"/> means that the price is unknown; zero means that it is known to be free.</remarks>
public sealed record ModelPrices
{
    /// <summary>Gets prices of which nothing is known.</summary>
    public static ModelPrices Unknown { get; } = new();

    /// <summary>Gets the price of input tokens that were not read from the provider's prompt cache.</summary>
    public decimal? Input { get; init; }

    /// <summary>Gets the price of output tokens.</summary>
    public decimal? Output { get; init; }

    /// <summary>Gets the price of input tokens read from the provider's prompt cache.</summary>
    /// <value>When unknown, <see cref="Input"/> applies.</value>
    public decimal? CacheRead { get; init; }

    /// <summary>Gets the price of input tokens written to the provider's prompt cache for its shortest time (Anthropic: 5 minutes).</summary>
    /// <value>When unknown, <see cref="Input"/> applies.</value>
    public decimal? CacheWrite { get; init; }

    /// <summary>Gets the price of input tokens written to the provider's prompt cache for one hour.</summary>
    /// <value>When unknown, <see cref="CacheWrite"/> applies.</value>
    public decimal? CacheWriteOneHour { get; init; }

    /// <summary>Gets the price of reasoning tokens, where they are billed apart from output.</summary>
    /// <value>When unknown, <see cref="Output"/> applies.</value>
    public decimal? Reasoning { get; init; }

    /// <summary>Gets the price of audio input tokens.</summary>
    /// <value>When unknown, <see cref="Input"/> applies.</value>
    public decimal? AudioInput { get; init; }

    /// <summary>Gets the price of audio output tokens.</summary>
    /// <value>When unknown, <see cref="Output"/> applies.</value>
    public decimal? AudioOutput { get; init; }

    /// <summary>Gets the price of image input tokens.</summary>
    /// <value>When unknown, <see cref="Input"/> applies.</value>
    public decimal? ImageInput { get; init; }

    /// <summary>Gets the price of image output tokens.</summary>
    /// <value>When unknown, <see cref="Output"/> applies.</value>
    public decimal? ImageOutput { get; init; }

    /// <summary>Gets the price of one request, in US dollars, whatever its tokens.</summary>
    public decimal? PerRequest { get; init; }

    /// <summary>Gets the price of one search of the web that the model makes, in US dollars.</summary>
    /// <value>When unknown, the provider's list price of searches applies, where the SDK knows it; else a call with searches has an unknown cost.</value>
    public decimal? PerSearch { get; init; }

    /// <summary>Gets prices that replace these for the whole request when its input is long, in ascending order of <see cref="PriceTier.AboveInputTokens"/>.</summary>
    public IReadOnlyList<PriceTier> Tiers { get; init; } = [];

    /// <summary>Gets a value indicating whether the prices that every request needs are known: input, and for models that write, output.</summary>
    public bool IsKnown => Input is not null || PerRequest is not null;
}
