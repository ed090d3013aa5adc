namespace IntegrationLayer.Sdk.TestSupport.Provider;

/// <summary>Sends a body as it is.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="ContentType">The content type.</param>
/// <param name="Chunks">The body; each chunk is flushed by itself.</param>
public sealed record RawBehavior(int Status, string ContentType, IReadOnlyList<string> Chunks) : ProviderBehavior
{
    /// <summary>Pause before every chunk but the first, by the server's clock; none by default.</summary>
    public TimeSpan ChunkDelay { get; init; }
}
