namespace IntegrationLayer.Sdk.Evaluations.Availability;

/// <summary>Who plays a scenario.</summary>
internal enum ContenderKind
{
    /// <summary>The SDK.</summary>
    Sdk,

    /// <summary>The SDK with the first provider and the first gateway alone.</summary>
    OneProvider,

    /// <summary>A bare client with the fallback of one gateway.</summary>
    GatewayOnly,
}
