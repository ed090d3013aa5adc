using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Costing;

/// <summary>Estimates the tokens of a request before it is sent. Register another implementation to replace the SDK's own.</summary>
/// <remarks>
/// Called once per request, on the hot path, from many threads at once. Routing, budgets and context-length checks rely on the
/// figures, so err high rather than low.
/// </remarks>
public interface ITokenEstimator
{
    /// <summary>Estimates the input of a request, for no model in particular.</summary>
    /// <param name="request">The request.</param>
    /// <returns>Counts that <see cref="TokenScale.Tokens"/> turns into a model's tokens.</returns>
    TokenEstimate Estimate(LlmRequest request);

    /// <summary>Counts the tokens of a text in the tokenizer that <see cref="TokenEstimate.Text"/> is counted in.</summary>
    /// <param name="text">The text, such as the part of an answer that arrived before its stream broke.</param>
    /// <returns>The number of tokens.</returns>
    int CountText(ReadOnlySpan<char> text);

    /// <summary>Finds how a model counts. Asked once per deployment, when the catalogue is loaded.</summary>
    /// <param name="model">The model.</param>
    /// <returns>The model's factors.</returns>
    TokenScale ScaleFor(ModelInfo model);
}
