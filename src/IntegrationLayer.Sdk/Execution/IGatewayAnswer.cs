namespace IntegrationLayer.Sdk.Execution;

/// <summary>What every kind of answer has: what the gateway said of it in its headers.</summary>
internal interface IGatewayAnswer
{
    /// <summary>Gets what the headers said.</summary>
    GatewayInfo Info { get; }
}
