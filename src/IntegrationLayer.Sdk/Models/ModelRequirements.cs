namespace IntegrationLayer.Sdk.Models;

/// <summary>What a model must be able to do, where, how fast and at what price: hard constraints that hold on failover too.</summary>
public sealed record ModelRequirements
{
    /// <summary>Gets requirements that every model meets.</summary>
    public static ModelRequirements Any { get; } = new();

    /// <summary>Gets the capabilities the model must have, on top of those that the request itself shows (tools, images, a JSON schema …).</summary>
    public ModelCapabilities Capabilities { get; init; }

    /// <summary>Gets the highest acceptable price of input, in US dollars per million tokens.</summary>
    public decimal? MaxInputPrice { get; init; }

    /// <summary>Gets the highest acceptable price of output, in US dollars per million tokens.</summary>
    public decimal? MaxOutputPrice { get; init; }

    /// <summary>Gets the most that the request may cost, in US dollars: its upper bound is compared, so the bill is never higher.</summary>
    public decimal? MaxCost { get; init; }

    /// <summary>Gets the longest acceptable expected time to the first token. A deployment that was not observed yet passes.</summary>
    public TimeSpan? MaxLatency { get; init; }

    /// <summary>Gets the regions in which the request may be processed, such as <c>eu</c> or <c>eu-west-1</c>; empty means anywhere.</summary>
    /// <remarks>A deployment without a configured region meets no residency requirement.</remarks>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>Gets the smallest acceptable context window, in tokens. A model whose context is unknown doesn't meet it.</summary>
    public int MinContextTokens { get; init; }

    /// <summary>Gets the lowest acceptable quality, from 0 to 1.</summary>
    public double MinQuality { get; init; }
}
