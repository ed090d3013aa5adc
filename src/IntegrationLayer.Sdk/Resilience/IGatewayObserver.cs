namespace IntegrationLayer.Sdk.Resilience;

/// <summary>Is told what calls go through before they reach a gateway. Called on a request's thread: quick, no I/O.</summary>
internal interface IGatewayObserver
{
    /// <summary>A call had to wait for others to end.</summary>
    /// <param name="endpoint">Where.</param>
    /// <param name="time">How long.</param>
    void Waited(string endpoint, TimeSpan time);

    /// <summary>A call was turned away: as many as may wait were waiting.</summary>
    void TurnedAway(string endpoint);

    /// <summary>A call went on to another endpoint, because this one couldn't be reached.</summary>
    void PassedOver(string endpoint);
}
