namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>Takes what the application knows of the semantic cache's answers. Registered by <c>UseSemanticCache</c>.</summary>
public interface ISemanticCacheFeedback
{
    /// <summary>Says that an answer was to another question: it is forgotten, with those of nearly equal questions, and the cache learns from it.</summary>
    /// <param name="requestId">The <see cref="LlmReceipt.RequestId"/> of the request.</param>
    /// <param name="cancellationToken">Cancels the removal.</param>
    /// <returns><see langword="false"/> if the semantic cache gave no answer to that request, or too long ago: the last 1,000 are remembered.</returns>
    ValueTask<bool> RejectAsync(string requestId, CancellationToken cancellationToken = default);
}
