using IntegrationLayer.Sdk.Caching;

namespace IntegrationLayer.Sdk.Evaluations.SemanticCaching;

/// <summary>What the semantic cache made of a set of pairs: the first question was answered, the second asked, in a partition of their own.</summary>
internal sealed class PairsResult
{
    public int Pairs { get; private set; }

    public int Same { get; private set; }

    public int Accepted { get; private set; }

    public int AcceptedSame { get; private set; }

    public SortedDictionary<string, (int Pairs, int Accepted)> Kinds { get; } = new(StringComparer.Ordinal);

    public double Precision => Accepted > 0 ? AcceptedSame / (double)Accepted : 1;

    public double Recall => Same > 0 ? AcceptedSame / (double)Same : 1;

    public double MustMissAccepted => Pairs > Same ? (Accepted - AcceptedSame) / (double)(Pairs - Same) : 0;

    public static async Task<PairsResult> OfAsync(List<QuestionPair> pairs)
    {
        await using var client = new CachedClient();
        var result = new PairsResult();
        foreach (QuestionPair pair in pairs)
        {
            string tenant = $"pair {result.Pairs}";
            await client.AskAsync(pair.First, "first", tenant);
            (CacheOutcome outcome, _) = await client.AskAsync(pair.Second, "second", tenant);

            // The same text twice is a hit of the exact cache.
            result.Add(pair, outcome is CacheOutcome.SemanticHit or CacheOutcome.Hit);
        }

        return result;
    }

    private void Add(QuestionPair pair, bool isAccepted)
    {
        Pairs++;
        Same += pair.IsSame ? 1 : 0;
        Accepted += isAccepted ? 1 : 0;
        AcceptedSame += isAccepted && pair.IsSame ? 1 : 0;
        if (pair.Kind.Length > 0)
        {
            (int pairs, int accepted) = Kinds.GetValueOrDefault(pair.Kind);
            Kinds[pair.Kind] = (pairs + 1, accepted + (isAccepted ? 1 : 0));
        }
    }
}
