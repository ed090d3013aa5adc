using IntegrationLayer.Sdk.Caching;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>What a request that may be cached is to do.</summary>
/// <param name="Found">What the cache had.</param>
/// <param name="Role">If nothing: whether to ask, or to wait for who asks.</param>
/// <param name="Flight">The call to make, or to wait for.</param>
internal readonly record struct Boarding(CacheFinding Found, FlightRole Role, Flight? Flight);
