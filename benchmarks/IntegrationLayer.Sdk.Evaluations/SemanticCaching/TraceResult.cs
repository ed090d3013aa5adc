using IntegrationLayer.Sdk.Caching;

namespace IntegrationLayer.Sdk.Evaluations.SemanticCaching;

/// <summary>What the caches did for a trace.</summary>
internal sealed class TraceResult
{
    private readonly HashSet<string> _clusters = new(StringComparer.Ordinal);

    public int Requests { get; private set; }

    public int Exact { get; private set; }

    public int Semantic { get; private set; }

    public int False { get; private set; }

    /// <summary>Gets how many requests asked what was asked before, so that no cache could have hit more.</summary>
    public int Possible { get; private set; }

    /// <summary>Gets how often the model was asked, the background checks included.</summary>
    public int Calls { get; private set; }

    public double HitRate => (Exact + Semantic) / (double)Requests;

    public double FalseHitRate => Exact + Semantic > 0 ? False / (double)(Exact + Semantic) : 0;

    /// <summary>Replays a trace in one partition.</summary>
    public static async Task<TraceResult> OfAsync(List<TraceRequest> requests)
    {
        await using var client = new CachedClient();
        var result = new TraceResult();
        foreach (TraceRequest request in requests)
        {
            (CacheOutcome outcome, bool isRight) = await client.AskAsync(request.Query, request.Cluster);
            result.Add(request, outcome, isRight);
        }

        result.Calls = client.Model.Calls;
        return result;
    }

    private void Add(TraceRequest request, CacheOutcome outcome, bool isRight)
    {
        Requests++;
        Exact += outcome is CacheOutcome.Hit ? 1 : 0;
        Semantic += outcome is CacheOutcome.SemanticHit ? 1 : 0;
        False += isRight ? 0 : 1;
        Possible += _clusters.Add(request.Cluster) ? 0 : 1;
    }
}
