namespace IntegrationLayer.Sdk.Caching;

/// <summary>An invalidation holds in this process, and the others couldn't be told of it yet.</summary>
/// <param name="message">What happened, with the cure.</param>
/// <param name="innerException">What caused it.</param>
public sealed class CacheInvalidationException(string message, Exception? innerException = null) : IntegrationLayerException(message, innerException)
{
    /// <inheritdoc/>
    public override bool IsTransient => true;
}
