namespace IntegrationLayer.Sdk.Routing;

/// <summary>Nobody who could serve a request may be called now.</summary>
/// <param name="BackAt">When the first is expected back, if that is known.</param>
/// <param name="IsAnyMoment">Whether one could be back any moment: when a call that is under way ends.</param>
internal sealed record Outage(DateTimeOffset? BackAt, bool IsAnyMoment);
