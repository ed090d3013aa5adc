namespace IntegrationLayer.Sdk.Resilience;

/// <summary>When a request that is not answered in the usual time is sent to a second deployment, too, and the first answer taken. Off by default: both calls may be billed.</summary>
/// <remarks>
/// Only whole answers, and streams that have shown no content yet; never a request with <see cref="LlmRequest.HasSideEffects"/>. The second deployment is one of another account, or in
/// another region, that meets everything the first one met.
/// </remarks>
public sealed class HedgingOptions
{
    /// <summary>Gets or sets a value indicating whether requests are hedged.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool Enabled { get; set; }

    /// <summary>Gets or sets how long a call may go unanswered before the second one is made, as long as its deployment has answered less than 20 times. After that, it is the time within which it gave 95 % of its latest 64 answers (of streams, their first content).</summary>
    /// <value>From 1 ms to 10 minutes; the default is 10 seconds.</value>
    public TimeSpan Delay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets the part of the process's requests that may be sent twice.</summary>
    /// <value>Over 0 to 0.05; the default is 0.05. What was not used is kept for up to 10 requests.</value>
    public double MaxShare { get; set; } = 0.05;
}
