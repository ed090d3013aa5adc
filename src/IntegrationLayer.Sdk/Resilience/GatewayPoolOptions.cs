namespace IntegrationLayer.Sdk.Resilience;

/// <summary>How many calls each endpoint of the gateway takes, and when it counts as ill.</summary>
public sealed class GatewayPoolOptions
{
    /// <summary>Gets or sets how many calls may be under way at one endpoint; further ones go to another endpoint, or wait.</summary>
    /// <value>From 1 to 1,000,000; the default is 10,000. Each takes a connection, so a file descriptor.</value>
    public int MaxConcurrentCalls { get; set; } = 10_000;

    /// <summary>Gets or sets how many calls may wait for an endpoint, longest first; further ones fail with <see cref="LlmErrorClass.Overloaded"/>.</summary>
    /// <value>From 0 to 1,000,000; the default is 10,000.</value>
    public int MaxQueuedCalls { get; set; } = 10_000;

    /// <summary>Gets or sets when an endpoint counts as ill, and how it comes back: by whether it can be reached, whatever the providers behind it say.</summary>
    /// <value>The defaults are those of <see cref="HealthOptions"/>, but that pauses are from 1 to 15 seconds and that one trial call decides: going elsewhere costs nothing.</value>
    public HealthOptions Health { get; set; } = new()
    {
        Pause = TimeSpan.FromSeconds(1), MaxPause = TimeSpan.FromSeconds(15), TrialCalls = 1,
    };
}
