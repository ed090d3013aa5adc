namespace IntegrationLayer.Sdk.Usage;

/// <summary>Settings of usage records. Read once, when the first request is made.</summary>
public sealed class UsageOptions
{
    /// <summary>Gets or sets how many records are kept in memory for <see cref="IUsageAnalytics"/>, the latest ones, unless a store of another kind is registered.</summary>
    /// <value>From 0, which keeps none and makes none, to 1,000,000; the default is 4,096, which take about 3 MB.</value>
    public int RecordsInMemory { get; set; } = 4_096;
}
