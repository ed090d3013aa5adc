using System.Runtime.CompilerServices;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Costing;

/// <summary>Estimates tokens with the o200k_base tokenizer and a factor per family of models.</summary>
internal sealed class TokenEstimator : ITokenEstimator
{
    // 4 MB, shared by every client in the process, and loaded by the first that needs it.
    private static readonly Lazy<TokenCounter> SharedCounter = new(() => new TokenCounter(TokenVocabulary.LoadO200k()));

    private readonly ConditionalWeakTable<object, StrongBox<int>> _known = [];

    /// <summary>Loads the vocabulary now (about 30 ms) rather than within the first request.</summary>
    public static void Load() => _ = SharedCounter.Value;

    /// <inheritdoc/>
    public TokenEstimate Estimate(LlmRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        TokenCounter counter = SharedCounter.Value;
        PromptMeter meter = new(counter);
        PromptReader.Read(request, ref meter, _known, counter);
        meter.StartCounting();
        PromptReader.Read(request, ref meter, _known, counter);
        MediaSize media = meter.Media;
        return new TokenEstimate
        {
            Text = meter.Tokens,
            Images = media.Images,
            ImageTiles = media.ImageTiles,
            ImagePatches = media.ImagePatches,
            AudioSeconds = media.AudioSeconds,
            Pages = media.Pages,
            HasTools = request.Options?.Tools is { Count: > 0 },
        };
    }

    /// <inheritdoc/>
    public int CountText(ReadOnlySpan<char> text)
    {
        PromptMeter meter = new(SharedCounter.Value);
        meter.AddText(text);
        meter.StartCounting();
        meter.AddText(text);
        return meter.Tokens;
    }

    /// <inheritdoc/>
    public TokenScale ScaleFor(ModelInfo model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return TokenScales.For(model.Model);
    }
}
