namespace AotSmoke;

/// <summary>What the typed result is read as.</summary>
/// <param name="Name">The city's name.</param>
/// <param name="Inhabitants">How many live there.</param>
internal sealed record City(string Name, int Inhabitants);
