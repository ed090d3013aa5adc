using System.Globalization;

namespace IntegrationLayer.Sdk.Evaluations.SemanticCaching;

/// <summary>A folder of traces (<c>trace_*</c>), pairs (<c>pairs_*</c>, <c>adversarial</c>) and clusters (<c>clusters_*</c>), each in parts (<c>_dev</c>, <c>_heldout</c>).</summary>
internal sealed class SemanticData(string folder, string split)
{
    private const string TracePrefix = "trace_";
    private const string PairsPrefix = "pairs_";

    private string Ending => $"_{split}.csv.gz";

    /// <summary>Gets the traces that are there, by name.</summary>
    public IEnumerable<(string Name, Func<List<TraceRequest>> Read)> Traces() =>
        Files($"{TracePrefix}*{Ending}").Select(path => (NameOf(path, TracePrefix), (Func<List<TraceRequest>>)(() => ReadTrace(path))));

    /// <summary>Gets the sets of pairs that are there, by name.</summary>
    public IEnumerable<(string Name, Func<List<QuestionPair>> Read)> Pairs() =>
        Files($"{PairsPrefix}*{Ending}").Select(path => (NameOf(path, PairsPrefix), (Func<List<QuestionPair>>)(() => ReadPairs(path))))
            .Concat(Files($"adversarial{Ending}").Select(path => ("adversarial", (Func<List<QuestionPair>>)(() => ReadPairs(path)))));

    /// <summary>Reads the texts of each cluster of a set.</summary>
    public Dictionary<string, List<string>> Clusters(string name) => CsvFile.Read(Path.Combine(folder, $"clusters_{name}{Ending}"))
        .GroupBy(static r => r["cluster"]).ToDictionary(static g => g.Key, static g => g.Select(static r => r["query"]).ToList());

    private static List<TraceRequest> ReadTrace(string path) =>
        [.. CsvFile.Read(path).Select(static r => new TraceRequest(r["query"], r["cluster"], long.Parse(r["t_ms"], CultureInfo.InvariantCulture)))];

    private static List<QuestionPair> ReadPairs(string path) =>
        [.. CsvFile.Read(path).Select(static r => new QuestionPair(r.GetValueOrDefault("kind", ""), r["a"], r["b"], r["is_duplicate"] == "1"))];

    private IEnumerable<string> Files(string pattern) => Directory.EnumerateFiles(folder, pattern).Order(StringComparer.Ordinal);

    private string NameOf(string path, string prefix) => Path.GetFileName(path)[prefix.Length..^Ending.Length];
}
