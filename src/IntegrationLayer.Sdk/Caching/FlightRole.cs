namespace IntegrationLayer.Sdk.Caching;

/// <summary>What a request that missed the cache is to do.</summary>
internal enum FlightRole
{
    /// <summary>Ask, for itself only.</summary>
    Alone,

    /// <summary>Ask, for itself and those who join.</summary>
    Leader,

    /// <summary>Wait for the answer of the call that it joined.</summary>
    Follower,

    /// <summary>Look into the cache again: a call was answered since.</summary>
    LookAgain,
}
