namespace IntegrationLayer.Sdk;

/// <summary>Sends requests to language models, choosing the deployment and keeping to the caller's cache and budget policies.</summary>
/// <remarks>
/// Implementations are safe for concurrent use. They don't change the request, and a request may be sent more than once.
/// Register one with <c>services.AddIntegrationLayer(...)</c>. The interface keeps these two members; conveniences are extension methods.
/// </remarks>
public interface ILlmClient
{
    /// <summary>Sends a request and returns the whole response.</summary>
    /// <param name="request">What to ask, and what may be spent on the answer.</param>
    /// <param name="cancellationToken">Cancels the call. Tokens that the provider has consumed are charged all the same.</param>
    /// <returns>The answer and its receipt.</returns>
    /// <exception cref="Routing.NoEligibleModelException">No configured deployment meets the request's requirements. Nothing was sent.</exception>
    /// <exception cref="Budgets.BudgetExceededException">A budget that covers the request can't pay for it. Nothing was sent.</exception>
    /// <exception cref="LlmException">Every deployment that was tried failed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<LlmResponse> GetResponseAsync(LlmRequest request, CancellationToken cancellationToken = default);

    /// <summary>Sends a request and returns the response as it is written.</summary>
    /// <param name="request">What to ask, and what may be spent on the answer.</param>
    /// <param name="cancellationToken">Cancels the call. Tokens that the provider has consumed are charged all the same.</param>
    /// <returns>
    /// The pieces of the answer. The receipt is on the last one, and only there. Another deployment is tried only before the first piece;
    /// after it, a failure ends the enumeration with <see cref="LlmStreamInterruptedException"/>.
    /// </returns>
    /// <exception cref="Routing.NoEligibleModelException">No configured deployment meets the request's requirements. Nothing was sent.</exception>
    /// <exception cref="Budgets.BudgetExceededException">A budget that covers the request can't pay for it. Nothing was sent.</exception>
    /// <exception cref="LlmException">Every deployment that was tried failed before it wrote anything.</exception>
    /// <exception cref="LlmStreamInterruptedException">The stream broke off after its first piece.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    IAsyncEnumerable<LlmResponseUpdate> GetStreamingResponseAsync(LlmRequest request, CancellationToken cancellationToken = default);
}
