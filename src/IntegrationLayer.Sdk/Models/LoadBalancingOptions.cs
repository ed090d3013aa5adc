namespace IntegrationLayer.Sdk.Models;

/// <summary>How requests are spread over deployments that are equally good for them.</summary>
public sealed class LoadBalancingOptions
{
    /// <summary>Gets or sets the time to the first token to reckon with of a deployment that was never observed, and towards which what was observed of an idle one fades.</summary>
    /// <value>From 1 ms to 10 minutes; the default is 250 ms: short, so that it is tried.</value>
    public TimeSpan FirstTokenSeed { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Gets or sets the same of the time for each further token.</summary>
    /// <value>From 0 to 10 seconds; the default is 20 ms.</value>
    public TimeSpan TokenSeed { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Gets or sets how long observations are remembered: the time after which two thirds of one are forgotten.</summary>
    /// <value>From 1 second to 1 hour; the default is 30 seconds.</value>
    public TimeSpan Memory { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets the longest time that a failed call counts as.</summary>
    /// <value>From 1 ms to 10 minutes; the default is 30 seconds. A failure counts as the time that it took, at least twice the time expected.</value>
    public TimeSpan MaxPenalty { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets a value indicating whether requests whose prompts begin alike go where that beginning is likely to be in the provider's prompt cache, as far as its discount there makes them cheaper.</summary>
    /// <value>The default is <see langword="true"/>. Only prompts that have at least 1,024 tokens before the last message, and models whose price of cached input is known.</value>
    public bool PromptCacheAffinity { get; set; } = true;

    /// <summary>Gets or sets how much busier than its equals a deployment may be and still get the requests of its sessions, and of prompts that it has in its cache.</summary>
    /// <value>From 1 to 100 times their average; the default is 1.25.</value>
    public double MaxAffinityLoad { get; set; } = 1.25;

    /// <summary>Gets or sets how many calls under way are never too many for a session to stay where it is.</summary>
    /// <value>From 1 to 1,000,000; the default is 8.</value>
    public int MinAffinityCalls { get; set; } = 8;
}
