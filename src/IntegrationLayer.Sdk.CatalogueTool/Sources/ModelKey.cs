namespace IntegrationLayer.Sdk.CatalogueTool.Sources;

/// <summary>A provider and a model's name, compared without case.</summary>
/// <param name="Provider">The provider's slug.</param>
/// <param name="Model">The name.</param>
internal readonly record struct ModelKey(string Provider, string Model)
{
    /// <inheritdoc/>
    public bool Equals(ModelKey other) =>
        string.Equals(Model, other.Model, StringComparison.OrdinalIgnoreCase)
        && string.Equals(Provider, other.Provider, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(
            string.GetHashCode(Provider, StringComparison.OrdinalIgnoreCase),
            string.GetHashCode(Model, StringComparison.OrdinalIgnoreCase));
}
