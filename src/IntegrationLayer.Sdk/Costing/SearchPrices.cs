namespace IntegrationLayer.Sdk.Costing;

/// <summary>What providers charge for a search of the web that a model makes, where they report how many it made.</summary>
internal static class SearchPrices
{
    /// <summary>Gets the list price of one search, in US dollars; <see langword="null"/> where it isn't known.</summary>
    /// <remarks>Anthropic's pricing page: 10 dollars per 1,000 searches. Perplexity's, for deep research, the one model that reports its searches: 5 dollars per 1,000.</remarks>
    public static decimal? Of(string provider) => provider switch
    {
        "anthropic" => 0.010m,
        "perplexity-ai" => 0.005m,
        _ => null,
    };
}
