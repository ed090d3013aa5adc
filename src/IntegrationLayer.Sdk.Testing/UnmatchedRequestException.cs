namespace IntegrationLayer.Sdk.Testing;

/// <summary>A fake got a request that no route answers.</summary>
/// <param name="message">The request, and the routes there are.</param>
public sealed class UnmatchedRequestException(string message) : InvalidOperationException(message);
