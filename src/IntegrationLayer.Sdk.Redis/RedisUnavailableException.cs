namespace IntegrationLayer.Sdk.Redis;

/// <summary>Redis can't be used at the moment. Never reaches a caller of the SDK: each use of Redis says what goes on without it.</summary>
/// <param name="message">What happened.</param>
/// <param name="innerException">What caused it.</param>
internal sealed class RedisUnavailableException(string message, Exception? innerException = null) : IntegrationLayerException(message, innerException)
{
    public override bool IsTransient => true;

    /// <summary>Gets a value indicating whether the operation may have had its effect nevertheless, now or later.</summary>
    public bool MayHaveHappened { get; init; }
}
