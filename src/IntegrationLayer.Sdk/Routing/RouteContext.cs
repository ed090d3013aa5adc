using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Routing;

/// <summary>What a router knows of one request: parallel columns, one entry for each candidate.</summary>
public readonly ref struct RouteContext
{
    private readonly ReadOnlySpan<int> _indexes;
    private readonly ReadOnlySpan<double> _firstTokenMs;
    private readonly ReadOnlySpan<double> _perTokenMs;
    private readonly double _outputTokens;

    internal RouteContext(
        LlmRequest request, string policy, ReadOnlySpan<Deployment> deployments, ReadOnlySpan<double> costs,
        ReadOnlySpan<int> indexes, LatencyTable latencies, double outputTokens)
    {
        Request = request;
        Policy = policy;
        Deployments = deployments;
        Costs = costs;
        _indexes = indexes;
        _firstTokenMs = latencies.FirstTokenMs;
        _perTokenMs = latencies.PerTokenMs;
        _outputTokens = outputTokens;
    }

    /// <summary>Gets the request.</summary>
    public LlmRequest Request { get; }

    /// <summary>Gets the name of the policy in force: the request's, or else the configuration's.</summary>
    public string Policy { get; }

    /// <summary>Gets the candidates: they meet every requirement that doesn't depend on the request's length.</summary>
    public ReadOnlySpan<Deployment> Deployments { get; }

    /// <summary>Gets what each would cost if it wrote all it may, in US dollars; infinity for one that can't serve this request (it is never called, whatever its score).</summary>
    /// <remarks>Floating point, for comparing only: what is reserved and charged is reckoned in decimal.</remarks>
    public ReadOnlySpan<double> Costs { get; }

    /// <summary>Gets how long a candidate is expected to take for this request, in milliseconds.</summary>
    /// <param name="candidate">Its position.</param>
    /// <returns>Time to the first token plus the time per token of the largest answer; NaN if it was never observed.</returns>
    public double ExpectedMs(int candidate)
    {
        int index = _indexes[candidate];
        double perToken = _perTokenMs[index];
        return _firstTokenMs[index] + (double.IsNaN(perToken) ? 0 : perToken * _outputTokens);
    }
}
