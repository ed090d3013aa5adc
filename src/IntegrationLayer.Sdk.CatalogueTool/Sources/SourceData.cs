using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.CatalogueTool.Sources;

/// <summary>Everything read from one source.</summary>
/// <param name="Source">What it is.</param>
/// <param name="Offers">What it says, in its own order.</param>
internal sealed record SourceData(CatalogueSource Source, IReadOnlyList<Offer> Offers);
