namespace IntegrationLayer.Sdk.Evaluations.SemanticCaching;

/// <summary>Makes traffic of clusters of questions: some clusters are asked for much more often than others (Zipf), each question of one as often as any other.</summary>
/// <param name="clusters">The questions of each cluster.</param>
/// <param name="exponent">How steeply the frequency falls from the most asked for cluster to the least.</param>
internal sealed class TrafficMaker(Dictionary<string, List<string>> clusters, double exponent)
{
    private const double EditedShare = 0.1;

    /// <summary>Gets or sets the share of questions that are asked once and belong to no cluster.</summary>
    public double StrangerShare { get; init; }

    /// <summary>Gets or sets those questions.</summary>
    public IReadOnlyList<string> Strangers { get; init; } = [];

    /// <summary>Gets or sets the share of questions that nearly ask what another does.</summary>
    public double NearMissShare { get; init; }

    /// <summary>Makes traffic, the same for the same seed.</summary>
    public List<TraceRequest> Make(int count, int seed)
    {
        var random = new Random(seed);
        string[] names = [.. clusters.Keys.Order(StringComparer.Ordinal)];
        random.Shuffle(names);
        double[] cumulated = new double[names.Length];
        double sum = 0;
        for (int i = 0; i < names.Length; i++)
        {
            cumulated[i] = sum += Math.Pow(i + 1, -exponent);
        }

        var requests = new List<TraceRequest>(count);
        int strangers = 0;
        while (requests.Count < count)
        {
            double kind = random.NextDouble();
            if (kind < StrangerShare && strangers < Strangers.Count)
            {
                requests.Add(new TraceRequest(Strangers[strangers], $"stranger {strangers}"));
                strangers++;
                continue;
            }

            int at = Array.BinarySearch(cumulated, random.NextDouble() * sum);
            string name = names[Math.Min(at < 0 ? ~at : at, names.Length - 1)];
            string text = clusters[name][random.Next(clusters[name].Count)];
            requests.Add(kind < StrangerShare + NearMissShare && QuestionEdits.NearMiss(text, random) is { } nearMiss
                ? new TraceRequest(nearMiss, $"{name} near {nearMiss}")
                : new TraceRequest(random.NextDouble() < EditedShare ? QuestionEdits.Harmless(text, random) : text, name));
        }

        return requests;
    }
}
