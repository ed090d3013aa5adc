namespace IntegrationLayer.Sdk.Testing.Faults;

/// <summary>A toxic that was added to a proxy.</summary>
/// <param name="Toxic">The toxic.</param>
/// <param name="Number">Which one it was of all that were added, from 0.</param>
/// <param name="AddedAt">When, counted from the start of the proxy.</param>
internal sealed record ActiveToxic(Toxic Toxic, int Number, TimeSpan AddedAt);
