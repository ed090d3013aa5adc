namespace IntegrationLayer.Sdk.Models;

/// <summary>Published data that a catalogue was made from.</summary>
/// <param name="Name">The name, such as a package's.</param>
/// <param name="Version">Its version.</param>
/// <param name="Licence">Its licence, as an SPDX identifier.</param>
public sealed record CatalogueSource(string Name, string Version, string Licence);
