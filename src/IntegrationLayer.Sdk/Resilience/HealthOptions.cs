namespace IntegrationLayer.Sdk.Resilience;

/// <summary>When a deployment, an account or a gateway endpoint counts as ill, and how it comes back. Every number may be changed while the application runs.</summary>
/// <remarks>Health is passive: it is read off the calls that are made anyway, never off probes that cost money.</remarks>
public sealed class HealthOptions
{
    private static readonly double[] DefaultShares = [0.10, 0.25, 0.50];

    /// <summary>Gets or sets how far back calls are counted, in ten steps.</summary>
    /// <value>From 1 second to 1 hour; the default is 1 minute.</value>
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets how many calls there must be within <see cref="Window"/> before the ratio of failures says anything.</summary>
    /// <value>From 1 to 100,000; the default is 20.</value>
    public int MinimumCalls { get; set; } = 20;

    /// <summary>Gets or sets the ratio of failures (errors, timeouts, broken answers) from which on no calls are made, and which a recovering deployment must stay under.</summary>
    /// <value>Over 0, up to 1; the default is 0.5.</value>
    public double OpenRatio { get; set; } = 0.5;

    /// <summary>Gets or sets how many failures in a row (no connection, 5xx, timeouts) stop calls at once.</summary>
    /// <value>From 1 to 100,000; the default is 5.</value>
    public int ConsecutiveFailures { get; set; } = 5;

    /// <summary>Gets or sets how many answers in a row that broke off stop calls at once.</summary>
    /// <value>From 1 to 100,000; the default is 3.</value>
    public int ConsecutiveTruncations { get; set; } = 3;

    /// <summary>Gets or sets the ratio of failures from which on the share of traffic is smaller.</summary>
    /// <value>Over 0, up to <see cref="OpenRatio"/>; the default is 0.1.</value>
    public double DegradedRatio { get; set; } = 0.1;

    /// <summary>Gets or sets the share of its usual traffic that a degraded deployment gets.</summary>
    /// <value>Over 0, up to 1; the default is 0.5.</value>
    public double DegradedShare { get; set; } = 0.5;

    /// <summary>Gets or sets how long the first pause is; each that follows is twice as long, up to <see cref="MaxPause"/>.</summary>
    /// <value>From 10 ms to 1 hour; the default is 5 seconds.</value>
    public TimeSpan Pause { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets the longest pause, before <see cref="Jitter"/>.</summary>
    /// <value>From <see cref="Pause"/> to 1 day; the default is 2 minutes.</value>
    public TimeSpan MaxPause { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Gets or sets by how much pauses vary at random, so that many processes don't come back at once.</summary>
    /// <value>From 0 to 0.5, as a part of the pause up or down; the default is 0.2. A time that the provider named is kept to.</value>
    public double Jitter { get; set; } = 0.2;

    /// <summary>Gets or sets how many trial calls, one at a time, must succeed after a pause.</summary>
    /// <value>From 1 to 1,000; the default is 3.</value>
    public int TrialCalls { get; set; } = 3;

    /// <summary>Gets the shares of its usual traffic that it gets while it recovers, one step after another.</summary>
    /// <value>Each over 0 and under 1, ascending. Empty, the default, means 0.10, 0.25 and 0.50.</value>
    public IList<double> RecoveryShares { get; } = [];

    /// <summary>Gets or sets how long a step of the recovery lasts, unless <see cref="RecoveryStepCalls"/> succeed sooner.</summary>
    /// <value>From 10 ms to 1 hour; the default is 10 seconds.</value>
    public TimeSpan RecoveryStep { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets how many calls that succeed end a step of the recovery.</summary>
    /// <value>From 1 to 100,000; the default is 20.</value>
    public int RecoveryStepCalls { get; set; } = 20;

    /// <summary>Gets or sets the time without a failure after which one doubling of the pauses is forgotten.</summary>
    /// <value>From 1 second to 1 day; the default is 10 minutes. A trial that nobody has come for in that time is waived.</value>
    public TimeSpan Forgiveness { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Gets or sets the shortest rest after a 429, whatever the provider says.</summary>
    /// <value>From 0 to 1 hour; the default is 1 second.</value>
    public TimeSpan MinRateLimitRest { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets the rest after a 429 that doesn't say how long to wait; doubled with each that follows, up to <see cref="MaxRateLimitRest"/>.</summary>
    /// <value>From 10 ms to 1 hour; the default is 5 seconds.</value>
    public TimeSpan RateLimitRest { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets the longest rest after a 429 that doesn't say how long to wait.</summary>
    /// <value>From <see cref="RateLimitRest"/> to 1 day; the default is 1 minute.</value>
    public TimeSpan MaxRateLimitRest { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets how long an account without money or quota is left alone, unless the provider says how long; doubled with each time that follows, up to <see cref="MaxQuotaRest"/>.</summary>
    /// <value>From 1 second to 1 day; the default is 15 minutes.</value>
    public TimeSpan QuotaRest { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Gets or sets the longest rest of an account without money or quota.</summary>
    /// <value>From <see cref="QuotaRest"/> to 30 days; the default is 6 hours.</value>
    public TimeSpan MaxQuotaRest { get; set; } = TimeSpan.FromHours(6);

    /// <summary>Gets or sets how long an account whose credential is refused is left alone, unless the configuration gives it another one.</summary>
    /// <value>From 1 second to 30 days, or <see cref="Timeout.InfiniteTimeSpan"/> to wait for another credential only; the default is 1 hour: providers refuse good credentials too when they are ill.</value>
    public TimeSpan CredentialRest { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Gets or sets how long a call must have lasted for its timeout to count as a failure: a caller in a hurry says nothing about the provider.</summary>
    /// <value>From 0 to 1 hour; the default is 5 seconds.</value>
    public TimeSpan MinTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets the shares in force.</summary>
    internal IReadOnlyList<double> Shares => RecoveryShares.Count > 0 ? (IReadOnlyList<double>)RecoveryShares : DefaultShares;
}
