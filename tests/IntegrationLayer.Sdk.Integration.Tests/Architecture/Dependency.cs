namespace IntegrationLayer.Sdk.Integration.Tests.Architecture;

/// <summary>A type of one folder uses a type of another. The root's folder is the empty string.</summary>
internal sealed record Dependency(string From, string User, string To, string Used)
{
    public override string ToString() => $"{From}/{User} uses {To}/{Used}";
}
