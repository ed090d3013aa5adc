using System.Globalization;
using System.Text.Json;

namespace IntegrationLayer.Sdk.Evaluations.SemanticCaching;

/// <summary>Replays traces and judges pairs with the SDK's own client and caches.</summary>
internal static class SemanticCacheEvaluation
{
    /// <summary><c>--data</c> names the folder, <c>--split</c> the part of each file, <c>--only</c> some of the sets; <c>--json</c> prints one line of JSON.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        SemanticCacheSettings settings = SemanticCacheSettings.Parse(arguments);
        var data = new SemanticData(settings.Folder, settings.Split);
        var traces = new Dictionary<string, TraceResult>();
        foreach ((string name, Func<List<TraceRequest>> read) in data.Traces().Where(t => settings.Includes(t.Name)))
        {
            traces[name] = await TraceResult.OfAsync(read());
            Report(settings, name, traces[name]);
        }

        var pairs = new Dictionary<string, PairsResult>();
        foreach ((string name, Func<List<QuestionPair>> read) in data.Pairs().Where(p => settings.Includes(p.Name)))
        {
            pairs[name] = await PairsResult.OfAsync(read());
            Report(settings, name, pairs[name]);
        }

        if (traces.Count + pairs.Count == 0)
        {
            throw new ArgumentException($"There is nothing of the part '{settings.Split}' in {settings.Folder}.");
        }

        if (settings.Json)
        {
            WriteJson(traces, pairs);
        }

        return 0;
    }

    private static void Report(SemanticCacheSettings settings, string name, TraceResult result)
    {
        if (!settings.Json)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"trace {name,-14} hits {result.HitRate:P1} of {result.Possible / (double)result.Requests:P1} possible, exact {result.Exact}, semantic {result.Semantic}, false of hits {result.FalseHitRate:P2}"));
        }
    }

    private static void Report(SemanticCacheSettings settings, string name, PairsResult result)
    {
        if (settings.Json)
        {
            return;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"pairs {name,-14} accepted {result.Accepted} of {result.Pairs}, precision {result.Precision:P1}, recall {result.Recall:P1}, must-miss accepted {result.MustMissAccepted:P2}"));
        foreach ((string kind, (int count, int accepted)) in result.Kinds)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"      {kind,-20} accepted {accepted} of {count}"));
        }
    }

    private static void WriteJson(Dictionary<string, TraceResult> traces, Dictionary<string, PairsResult> pairs)
    {
        using Stream output = Console.OpenStandardOutput();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("traces");
            foreach ((string name, TraceResult result) in traces)
            {
                Write(writer, name, result);
            }

            writer.WriteEndObject();
            writer.WriteStartObject("pairs");
            foreach ((string name, PairsResult result) in pairs)
            {
                Write(writer, name, result);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }

    private static void Write(Utf8JsonWriter writer, string name, TraceResult result)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("requests", result.Requests);
        writer.WriteNumber("exact_hit_rate", Round(result.Exact / (double)result.Requests));
        writer.WriteNumber("semantic_hit_rate", Round(result.Semantic / (double)result.Requests));
        writer.WriteNumber("hit_rate", Round(result.HitRate));
        writer.WriteNumber("false_hit_rate", Round(result.FalseHitRate));

        // Every call costs the same here, the background checks as well.
        writer.WriteNumber("saved_cost_ratio", Round(1 - (result.Calls / (double)result.Requests)));
        writer.WriteNumber("possible_hit_rate", Round(result.Possible / (double)result.Requests));
        writer.WriteNumber("false_hits", result.False);
        writer.WriteNumber("checks", result.Calls - (result.Requests - result.Exact - result.Semantic));
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, PairsResult result)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("accepted", result.Accepted);
        writer.WriteNumber("precision", Round(result.Precision));
        writer.WriteNumber("recall", Round(result.Recall));
        writer.WriteNumber("pairs", result.Pairs);
        writer.WriteNumber("must_miss", result.Pairs - result.Same);
        writer.WriteNumber("must_miss_accepted", result.Accepted - result.AcceptedSame);
        writer.WriteNumber("must_miss_accepted_rate", Round(result.MustMissAccepted));
        writer.WriteNumber("should_hit", result.Same);
        writer.WriteNumber("should_hit_accepted", result.AcceptedSame);
        writer.WriteNumber("should_hit_accepted_rate", Round(result.Recall));
        if (result.Kinds.Count > 0)
        {
            writer.WriteStartObject("kinds");
            foreach ((string kind, (int count, int accepted)) in result.Kinds)
            {
                writer.WriteStartObject(kind);
                writer.WriteNumber("pairs", count);
                writer.WriteNumber("accepted", accepted);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static double Round(double number) => Math.Round(number, 5);
}
