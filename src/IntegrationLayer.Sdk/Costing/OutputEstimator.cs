namespace IntegrationLayer.Sdk.Costing;

/// <summary>Guesses what an answer was billed when the provider didn't say, because its stream broke or was abandoned.</summary>
internal static class OutputEstimator
{
    /// <summary>Estimates the tokens of a call that ended without a report of its usage.</summary>
    /// <param name="estimator">Counts text.</param>
    /// <param name="scale">How the answering model counts.</param>
    /// <param name="input">The tokens that its input was estimated at.</param>
    /// <param name="text">The part of the answer that arrived, tool calls included.</param>
    /// <param name="reasoning">The part of the reasoning that arrived. Often only a summary of what is billed.</param>
    /// <returns>All input as uncached text, and the output that was seen: to be priced as <see cref="PriceStatus.Estimated"/>.</returns>
    public static TokenUsage Estimate(ITokenEstimator estimator, in TokenScale scale, long input, ReadOnlySpan<char> text, ReadOnlySpan<char> reasoning = default)
    {
        ArgumentNullException.ThrowIfNull(estimator);
        return new TokenUsage
        {
            Input = Math.Max(0, input),
            Output = text.IsEmpty ? 0 : scale.TextTokens(estimator.CountText(text)),
            Reasoning = reasoning.IsEmpty ? 0 : scale.TextTokens(estimator.CountText(reasoning)),
        };
    }
}
