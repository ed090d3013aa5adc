using System.Globalization;
using IntegrationLayer.Sdk.SemanticCaching;

namespace IntegrationLayer.Sdk.Evaluations.SemanticCaching;

/// <summary>Fits what the SDK's acceptance model knows before it has seen anything, on traffic made of BANKING77 and CLINC150.</summary>
internal static class PriorCommand
{
    // How much an observation of the prior's counts against one of a partition's own.
    private const double Weight = 0.05;
    private const double Ridge = 2;
    private const int Requests = 10_000;
    private const double CollectingLimit = 0.15;

    /// <summary><c>--data</c> names the folder with the two sets' clusters, <c>--split</c> their part, <c>--output</c> the file to write.</summary>
    public static int Run(string[] arguments)
    {
        (string folder, string split, string output) = Parse(arguments);
        List<List<TraceRequest>> traffic = Traffic(new SemanticData(folder, split));
        var prior = new AcceptancePrior(new double[(int)Feature.Count], new double[(int)Feature.Count * (int)Feature.Count]);
        for (int round = 0; round < 3; round++)
        {
            AcceptancePrior known = prior;
            List<(double[] Features, bool IsRight)> observations = [.. traffic.SelectMany(t => Collect(t, known, round))];
            prior = LogisticFit.Of(observations, Ridge, Weight);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round + 1}: {observations.Count} observations, {observations.Count(static o => o.IsRight)} right"));
        }

        using (FileStream stream = File.Create(output))
        {
            prior.Write(stream);
        }

        for (int i = 0; i < prior.Weights.Length; i++)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(Feature)i,-22} {prior.Weights[i],7:F2} +- {Math.Sqrt(prior.Covariance[(i * prior.Weights.Length) + i]):F2}"));
        }

        return 0;
    }

    // The first round knows nothing: it collects as if nothing were ever accepted but identical questions.
    private static List<(double[] Features, bool IsRight)> Collect(List<TraceRequest> requests, AcceptancePrior prior, int round)
    {
        using var replay = new Replay(prior, new SemanticCacheOptions());
        replay.Run(requests, round == 0 ? 0 : CollectingLimit);
        return replay.Observations;
    }

    /// <summary>Makes traffic of many answers with few phrasings each, without and with strangers and near misses among them. Answers with many phrasings make the prior too sure of others.</summary>
    internal static List<List<TraceRequest>> Traffic(SemanticData data)
    {
        Dictionary<string, List<string>> all = data.Clusters("clinc150").Where(static c => c.Value.Count > 1).Concat(data.Clusters("banking77")).ToDictionary();
        (string Name, List<string> Texts)[] ordered = [.. all.OrderBy(static c => c.Key, StringComparer.Ordinal).Select(static c => (c.Key, c.Value))];
        string[] strangers = [.. ordered.Where(static (_, i) => i % 3 == 2).SelectMany(static c => c.Texts.Take(40))];
        new Random(9).Shuffle(strangers);
        return
        [
            new TrafficMaker(FewOf(ordered, 3), 1).Make(Requests, 3),
            new TrafficMaker(FewOf(ordered, 4), 1) { StrangerShare = 0.2, Strangers = strangers, NearMissShare = 0.05 }.Make(Requests, 4),
        ];
    }

    // Three to seven phrasings of two clusters in three, every seventh text from one on.
    private static Dictionary<string, List<string>> FewOf((string Name, List<string> Texts)[] clusters, int first) => clusters
        .Where(static (_, i) => i % 3 != 2)
        .Select((c, i) => (c.Name, Texts: c.Texts.Where((_, j) => j % 7 == first).Take(3 + (i % 5)).ToList()))
        .ToDictionary(static c => c.Name, static c => c.Texts);

    private static (string Folder, string Split, string Output) Parse(string[] arguments)
    {
        string? folder = null;
        string? output = null;
        string split = "dev";
        for (int i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--data":
                    folder = ArgumentReader.Value(arguments, ref i);
                    break;
                case "--split":
                    split = ArgumentReader.Value(arguments, ref i);
                    break;
                case "--output":
                    output = ArgumentReader.Value(arguments, ref i);
                    break;
                default:
                    throw new ArgumentException($"'{arguments[i]}' isn't known: give --data, --split and --output.");
            }
        }

        return folder is null || output is null
            ? throw new ArgumentException("Name the folder of the data and the file to write: --data <folder> --output acceptance.bin.")
            : (folder, split, output);
    }
}
