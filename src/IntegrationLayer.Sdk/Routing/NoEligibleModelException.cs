namespace IntegrationLayer.Sdk.Routing;

/// <summary>No configured deployment meets the request's requirements. Nothing was sent.</summary>
/// <param name="message">What no deployment meets, with a reason for each.</param>
public sealed class NoEligibleModelException(string message) : IntegrationLayerException(message)
{
    /// <inheritdoc/>
    public override bool IsTransient => false;
}
