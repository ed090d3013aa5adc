using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Routing;

/// <summary>What is known of the deployments beyond the configuration, by <see cref="Deployment.Index"/>.</summary>
/// <param name="Latencies">How fast they have lately been.</param>
/// <param name="Loads">How busy they are.</param>
/// <param name="Options">How load is spread.</param>
/// <param name="OutputTokens">How long the answer is expected to be.</param>
/// <param name="AffinityKey">The session, whose requests had better go to one place; zero for none.</param>
/// <param name="PrefixKey">The beginning of the prompt, which providers may have in their caches; zero if it is too short for that.</param>
internal readonly record struct RouteSignals(LatencyTable Latencies, LoadTable Loads, LoadBalancingOptions Options, double OutputTokens, ulong AffinityKey = 0, ulong PrefixKey = 0);
