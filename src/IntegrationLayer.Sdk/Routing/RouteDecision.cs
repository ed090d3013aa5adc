namespace IntegrationLayer.Sdk.Routing;

/// <summary>Why a request goes where it goes.</summary>
public sealed class RouteDecision
{
}
