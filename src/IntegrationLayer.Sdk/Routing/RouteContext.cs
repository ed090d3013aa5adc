using System.Numerics;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Routing;

/// <summary>What a router knows of one request: parallel columns, one entry for each candidate.</summary>
public readonly ref struct RouteContext
{
    private readonly LatencyTable _latencies;
    private readonly ReadOnlySpan<DeploymentLoad> _loads;
    private readonly double _outputTokens;

    internal RouteContext(LlmRequest request, string policy, CandidateColumns candidates, ReadOnlySpan<double> costs, scoped in RouteSignals signals)
    {
        Request = request;
        Policy = policy;
        Candidates = candidates;
        Costs = costs;
        _latencies = signals.Latencies;
        _loads = signals.Loads.Loads;
        _outputTokens = signals.OutputTokens;
        Options = signals.Options;
        AffinityKey = signals.AffinityKey;
        PlaceKey = signals.AffinityKey != 0 ? signals.AffinityKey : signals.PrefixKey;
    }

    /// <summary>Gets the request.</summary>
    public LlmRequest Request { get; }

    /// <summary>Gets the name of the policy in force: the request's, or else the configuration's.</summary>
    public string Policy { get; }

    /// <summary>Gets the candidates: they meet every requirement that doesn't depend on the request's length.</summary>
    public ReadOnlySpan<Deployment> Deployments => Candidates.Deployments;

    /// <summary>Gets what each would cost if it wrote all it may, in US dollars; infinity for one that can't serve this request (it is never called, whatever its score).</summary>
    /// <remarks>Floating point, for comparing only: what is reserved and charged is reckoned in decimal.</remarks>
    public ReadOnlySpan<double> Costs { get; }

    /// <summary>Gets how long a candidate is expected to take for this request, in milliseconds.</summary>
    /// <param name="candidate">Its position.</param>
    /// <returns>Time to the first token plus the time per token of an answer as long as answers lately were, at most as long as this one may be; NaN if it was never observed.</returns>
    public double ExpectedMs(int candidate)
    {
        int index = Candidates.Indexes[candidate];
        double perToken = _latencies.PerTokenMs[index];
        return _latencies.FirstTokenMs[index] + (double.IsNaN(perToken) ? 0 : perToken * _outputTokens);
    }

    /// <summary>Gets how many calls to a candidate are under way in this process.</summary>
    /// <param name="candidate">Its position.</param>
    public int InFlight(int candidate) => _loads[Candidates.Indexes[candidate]].InFlight;

    /// <summary>Gets how loaded a candidate is: its expected time for this request, as if the calls under way were in front of it, divided by its weight.</summary>
    /// <param name="candidate">Its position.</param>
    /// <returns>Over zero; one that was never observed counts with <see cref="LoadBalancingOptions.FirstTokenSeed"/> and <see cref="LoadBalancingOptions.TokenSeed"/>. Infinity for a weight of zero.</returns>
    public double Load(int candidate)
    {
        double expected = ExpectedMs(candidate);
        return (double.IsNaN(expected) ? UnobservedMs : Math.Max(expected, double.Epsilon)) * (InFlight(candidate) + 1) / Candidates.Weight[candidate];
    }

    /// <summary>Gets what to reckon with of a candidate that was never observed, in milliseconds.</summary>
    internal double UnobservedMs => Options.FirstTokenSeed.TotalMilliseconds + (Options.TokenSeed.TotalMilliseconds * _outputTokens);

    /// <summary>Gets how load is spread.</summary>
    internal LoadBalancingOptions Options { get; }

    /// <summary>Gets the session, whose requests had better go to one place; zero for none.</summary>
    internal ulong AffinityKey { get; }

    /// <summary>Gets what requests have in common by which equals are told apart: the session, or else the beginning of the prompt; zero for nothing.</summary>
    internal ulong PlaceKey { get; }

    /// <summary>Gets the candidates in columns.</summary>
    internal CandidateColumns Candidates { get; }

    /// <summary>Gives what <see cref="ExpectedMs(int)"/> does, of all candidates.</summary>
    /// <returns>Whether any was ever observed; if not, nothing is filled in.</returns>
    internal bool TryGetExpectedMs(Span<double> milliseconds)
    {
        if (!_latencies.IsAnyKnown)
        {
            return false;
        }

        int i = 0;
        if (Candidates.IsConsecutive && milliseconds.Length > 0)
        {
            int first = Candidates.Indexes[0];
            ReadOnlySpan<double> firstToken = _latencies.FirstTokenMs.Slice(first, milliseconds.Length), perToken = _latencies.PerTokenMs.Slice(first, milliseconds.Length);
            var tokens = new Vector<double>(_outputTokens);
            for (; i <= milliseconds.Length - Vector<double>.Count; i += Vector<double>.Count)
            {
                var each = new Vector<double>(perToken[i..]);
                each = Vector.ConditionalSelect(Vector.Equals(each, each), each, Vector<double>.Zero);
                (new Vector<double>(firstToken[i..]) + (each * tokens)).CopyTo(milliseconds[i..]);
            }
        }

        for (; i < milliseconds.Length; i++)
        {
            milliseconds[i] = ExpectedMs(i);
        }

        return true;
    }
}
