namespace IntegrationLayer.Sdk.Telemetry;

/// <summary>The sets of attributes of what was saved: six in all.</summary>
internal static class SavingTags
{
    private static readonly KeyValuePair<string, object?>[][] Sets =
    [
        .. from kind in (string[])["chat", "embeddings"]
           from reason in (string[])["cache", "provider_cache", "route"]
           select new KeyValuePair<string, object?>[] { new(Attributes.Kind.Name, kind), new(Attributes.SavingReason.Name, reason) },
    ];

    /// <summary>Gets a set.</summary>
    /// <param name="isEmbedding">Whether the request was for embeddings.</param>
    /// <param name="reason">0 for the cache, 1 for the provider's prompt cache, 2 for routing.</param>
    public static KeyValuePair<string, object?>[] Of(bool isEmbedding, int reason) => Sets[(isEmbedding ? 3 : 0) + reason];
}
