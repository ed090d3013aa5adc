namespace IntegrationLayer.Sdk.Testing.Tests;

/// <summary>The two ways to reach a <see cref="FakePortkey"/>; every contract test runs over both.</summary>
public enum Front
{
    Handler,
    Server,
}
