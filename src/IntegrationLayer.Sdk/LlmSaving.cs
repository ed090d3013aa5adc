using System.Globalization;

namespace IntegrationLayer.Sdk;

/// <summary>What a request cost less than it might have, by where the difference comes from, in US dollars.</summary>
/// <remarks>
/// The yardstick is the same request, uncached, at the reference model (<see cref="IntegrationLayerOptions.ReferenceModel"/>): its price of the
/// tokens that the provider counted. The parts add up: yardstick = what was paid + <see cref="TotalUsd"/>. A part is negative when it cost more.
/// </remarks>
public readonly record struct LlmSaving
{
    /// <summary>Gets what the answer had cost when it was first written; zero unless it came from the SDK's cache.</summary>
    public decimal CacheUsd { get; init; }

    /// <summary>Gets what the provider's prompt cache took off: its reads are cheaper than input, its writes may be dearer.</summary>
    public decimal PromptCacheUsd { get; init; }

    /// <summary>Gets what routing took off: the reference model's price less that of the model that answered, less what calls that failed before it cost.</summary>
    public decimal RoutingUsd { get; init; }

    /// <summary>Gets the sum of the parts.</summary>
    public decimal TotalUsd => CacheUsd + PromptCacheUsd + RoutingUsd;

    /// <summary>Gives the sum and its parts: <c>$0.03 (cache $0, prompt cache $0.01, routing $0.02)</c>.</summary>
    /// <returns>The text, in the invariant culture.</returns>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"${TotalUsd:0.############} (cache ${CacheUsd:0.############}, prompt cache ${PromptCacheUsd:0.############}, routing ${RoutingUsd:0.############})");

    /// <summary>Gives what an answer from the cache saves: all that the first answer cost, and what that one had saved already.</summary>
    /// <returns><see langword="null"/> when nobody knows what the first answer cost or saved.</returns>
    internal static LlmSaving? OfHit(LlmReceipt first) =>
        first is { Cost: { Status: not PriceStatus.Unknown } cost, Saving: { } saving } ? saving with { CacheUsd = saving.CacheUsd + cost.Usd } : null;
}
