namespace IntegrationLayer.Sdk.Caching;

/// <summary>Identifies requests that may share an answer.</summary>
/// <param name="Value">A digest of everything that may change the answer, partition included.</param>
public readonly record struct CacheKey(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
