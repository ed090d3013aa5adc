namespace IntegrationLayer.Sdk.Models;

/// <summary>Settings of one deployment: a model through an account, with whatever differs from the catalogue.</summary>
public sealed class DeploymentOptions
{
    /// <summary>Gets or sets the unique name.</summary>
    /// <value>The default is <c>{Account}/{Model}</c>.</value>
    public string? Name { get; set; }

    /// <summary>Gets or sets the name of the account.</summary>
    public string? Account { get; set; }

    /// <summary>Gets or sets the model, by the catalogue's name, or any identifier if you give its prices here.</summary>
    public string? Model { get; set; }

    /// <summary>Gets or sets the identifier to send, where it differs from <see cref="Model"/> (an Azure deployment, a fine-tuned model).</summary>
    public string? ModelId { get; set; }

    /// <summary>Gets or sets what the model is for, if the catalogue doesn't say.</summary>
    public ModelKind? Kind { get; set; }

    /// <summary>Gets or sets the price of input, in US dollars per million tokens, from 0 to 1,000,000; overrides the catalogue.</summary>
    public decimal? InputPrice { get; set; }

    /// <summary>Gets or sets the price of output, in US dollars per million tokens, from 0 to 1,000,000; overrides the catalogue.</summary>
    public decimal? OutputPrice { get; set; }

    /// <summary>Gets or sets the price of cached input, in US dollars per million tokens, from 0 to 1,000,000; overrides the catalogue.</summary>
    public decimal? CacheReadPrice { get; set; }

    /// <summary>Gets or sets the price of writing to the prompt cache, in US dollars per million tokens, from 0 to 1,000,000; overrides the catalogue.</summary>
    public decimal? CacheWritePrice { get; set; }

    /// <summary>Gets or sets the price of one request, in US dollars, from 0 to 1,000,000; overrides the catalogue.</summary>
    public decimal? RequestPrice { get; set; }

    /// <summary>Gets or sets the price of one search of the web that the model makes, in US dollars, from 0 to 1,000,000.</summary>
    /// <value>The default is the provider's list price, where it is known.</value>
    public decimal? SearchPrice { get; set; }

    /// <summary>Gets or sets the context window in tokens, from 1 to 100,000,000; overrides the catalogue.</summary>
    public int? ContextTokens { get; set; }

    /// <summary>Gets or sets the longest answer in tokens, from 1 to 100,000,000; overrides the catalogue.</summary>
    public int? MaxOutputTokens { get; set; }

    /// <summary>Gets or sets what the model can do; replaces what the catalogue says.</summary>
    public ModelCapabilities? Capabilities { get; set; }

    /// <summary>Gets the regions in which it processes requests; replace the account's.</summary>
    public IList<string> Regions { get; } = [];

    /// <summary>Gets or sets its quality, from 0 to 1.</summary>
    /// <value>The default is 0.5.</value>
    public double Quality { get; set; } = 0.5;

    /// <summary>Gets or sets its share of traffic under the policy <c>Weighted</c>.</summary>
    /// <value>From 0 to 1,000,000; the default is 1.</value>
    public double Weight { get; set; } = 1;

    /// <summary>Gets or sets its rank under the policy <c>Priority</c>; lower is first.</summary>
    /// <value>The default is 0.</value>
    public int Priority { get; set; }

    /// <summary>Gets or sets how many calls to it may be under way at once in this process; further requests go elsewhere, or wait.</summary>
    /// <value>From 1 to 1,000,000; <see langword="null"/>, the default, for any number.</value>
    public int? MaxConcurrency { get; set; }
    /// <summary>Gets or sets how long a whole answer, or a stream until it is open, may take, in place of <see cref="Resilience.TimeoutOptions.Attempt"/>; from 10 ms to 1 day.</summary>
    public TimeSpan? AttemptTimeout { get; set; }

    /// <summary>Gets or sets how long a stream may take until its first content, in place of <see cref="Resilience.TimeoutOptions.FirstToken"/>; from 10 ms to 1 day.</summary>
    public TimeSpan? FirstTokenTimeout { get; set; }

    /// <summary>Gets or sets how long a stream may be silent, in place of <see cref="Resilience.TimeoutOptions.Stall"/>; from 10 ms to 1 day.</summary>
    public TimeSpan? StallTimeout { get; set; }
}
