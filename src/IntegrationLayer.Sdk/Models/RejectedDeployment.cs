namespace IntegrationLayer.Sdk.Models;

/// <summary>A deployment that can't serve a request.</summary>
/// <param name="Deployment">The deployment's name.</param>
/// <param name="Reason">The first requirement that it doesn't meet, with the values compared.</param>
public sealed record RejectedDeployment(string Deployment, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Deployment}: {Reason}";
}
