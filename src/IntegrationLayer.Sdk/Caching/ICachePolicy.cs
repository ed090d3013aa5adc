namespace IntegrationLayer.Sdk.Caching;

/// <summary>Decides whether an answer may come from, or go to, the cache.</summary>
/// <remarks>A policy decides, an <see cref="IResponseCache"/> stores. Policies do no I/O and are safe for concurrent use.</remarks>
public interface ICachePolicy
{
    /// <summary>Decides for one request.</summary>
    /// <param name="request">The request. <see cref="CacheDirective.Bypass"/> has been obeyed already; its other settings will be.</param>
    /// <returns>The decision.</returns>
    CacheDecision Decide(LlmRequest request);
}
