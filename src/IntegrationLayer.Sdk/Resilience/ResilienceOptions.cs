namespace IntegrationLayer.Sdk.Resilience;

/// <summary>How the SDK keeps answering when providers, accounts or gateways fail.</summary>
public sealed class ResilienceOptions
{
    /// <summary>Gets or sets when something counts as ill, and how it comes back.</summary>
    public HealthOptions Health { get; set; } = new();

    /// <summary>Gets or sets how long the SDK waits for a provider.</summary>
    public TimeoutOptions Timeouts { get; set; } = new();

    /// <summary>Gets or sets how often and when a request is sent again.</summary>
    public RetryOptions Retries { get; set; } = new();

    /// <summary>Gets or sets when a request is sent to a second deployment because the first one is slow.</summary>
    public HedgingOptions Hedging { get; set; } = new();

    /// <summary>Gets or sets what to do when every deployment that could serve a request is ill, resting or full.</summary>
    /// <value>The default is <see cref="AllUnavailablePolicy.WaitEarliest"/>: it waits out the seconds that a rate limit asks for, and never turns down a request that some deployment might still answer.</value>
    public AllUnavailablePolicy AllUnavailable { get; set; }

    /// <summary>Gets or sets the part of the time left to a request that it may wait for a deployment to come back.</summary>
    /// <value>From 0 to 1; the default is 0.25.</value>
    public double MaxWaitShare { get; set; } = 0.25;

    /// <summary>Gets or sets the longest that a request waits for a deployment to come back, however much time it has left.</summary>
    /// <value>From 0 to 1 hour; the default is 30 seconds.</value>
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how many calls each endpoint of the gateway takes, and when it counts as ill.</summary>
    public GatewayPoolOptions Gateways { get; set; } = new();
}
