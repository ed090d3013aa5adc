namespace IntegrationLayer.Sdk.Models;

/// <summary>Another name of a model at the same provider.</summary>
/// <param name="Name">The name.</param>
/// <param name="Model">The position of the model in the catalogue.</param>
internal readonly record struct CatalogueAlias(string Name, int Model);
