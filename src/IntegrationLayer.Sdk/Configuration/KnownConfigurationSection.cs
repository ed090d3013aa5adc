namespace IntegrationLayer.Sdk.Configuration;

/// <summary>A key below <c>IntegrationLayer</c> that another part of the SDK reads and checks itself. Registered as a singleton, it isn't reported as unknown.</summary>
/// <param name="Name">The key, such as <c>Analytics</c>.</param>
internal sealed record KnownConfigurationSection(string Name);
