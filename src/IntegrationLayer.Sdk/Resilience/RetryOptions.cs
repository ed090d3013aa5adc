namespace IntegrationLayer.Sdk.Resilience;

/// <summary>How often and when a request is sent again. How many calls may be made for it at most is <see cref="IntegrationLayerOptions.MaxAttempts"/>.</summary>
public sealed class RetryOptions
{
    /// <summary>Gets or sets how often a request may be sent again after a call that the provider may have worked on, and may bill: timeouts, broken connections, unreadable answers.</summary>
    /// <value>From 0 to 10; the default is 2. A request that has side effects is never sent again after such a call. Calls that were certainly not processed are not counted.</value>
    public int MaxReplays { get; set; } = 2;

    /// <summary>Gets or sets the longest wait before the first call to a deployment that has failed already; twice as long before each that follows. The wait is random, from zero on.</summary>
    /// <value>From 0 to 1 minute; the default is 250 ms. Other deployments are called without a wait.</value>
    public TimeSpan BaseDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Gets or sets the longest of these waits.</summary>
    /// <value>From <see cref="BaseDelay"/> to 10 minutes; the default is 5 seconds.</value>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets how long a time that a provider asks to wait may be for a request to wait it out, if nobody else can be called.</summary>
    /// <value>From 0 to 1 hour; the default is 1 minute. It is never waited beyond the request's deadline.</value>
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets how many further calls the process may make for each request that succeeds.</summary>
    /// <value>From 0 to 10; the default is 0.1: in an outage there are at most a tenth more calls than there were answers.</value>
    public double BudgetRatio { get; set; } = 0.1;

    /// <summary>Gets or sets how many further calls the process may make a second even if nothing succeeds.</summary>
    /// <value>From 0 to 100,000; the default is 10.</value>
    public int BudgetPerSecond { get; set; } = 10;
}
