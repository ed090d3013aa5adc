namespace IntegrationLayer.Sdk.Models;

/// <summary>What a catalogue file holds.</summary>
internal sealed class CatalogueContent
{
    /// <summary>Gets the day of the data, as <c>yyyy-MM-dd</c>.</summary>
    public required string Version { get; init; }

    /// <summary>Gets what it was made from.</summary>
    public required IReadOnlyList<CatalogueSource> Sources { get; init; }

    /// <summary>Gets the models, ordered by provider and name (ordinal).</summary>
    public required ModelInfo[] Models { get; init; }

    /// <summary>Gets further names that the sources give for a model.</summary>
    public required IReadOnlyList<CatalogueAlias> Aliases { get; init; }
}
