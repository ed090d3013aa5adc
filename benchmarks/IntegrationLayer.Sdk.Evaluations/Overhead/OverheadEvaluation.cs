using System.Diagnostics;

namespace IntegrationLayer.Sdk.Evaluations.Overhead;

/// <summary>What a call costs the calling process: bare HTTP, other clients, and the SDK, against the same provider.</summary>
internal static class OverheadEvaluation
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(string[] args)
    {
        OverheadSettings settings = OverheadSettings.Parse(args);
        using ProviderProcess provider = await ProviderProcess.StartAsync();
        Contender[] contenders = [.. settings.Contenders.Select(name => Create(name, provider.Address))];
        try
        {
            OverheadReport report = await MeasureAsync(settings, contenders);
            if (settings.Json)
            {
                using Stream output = Console.OpenStandardOutput();
                report.WriteJson(output);
            }
            else
            {
                report.WriteText(Console.Out);
            }

            return 0;
        }
        finally
        {
            Array.ForEach(contenders, c => c.Dispose());
        }
    }

    private static Contender Create(string name, Uri endpoint) => name switch
    {
        "raw" => new RawContender(endpoint),
        "openai" => new OpenAIContender(endpoint),
        "meai" => ChatClientContender.Bare(endpoint),
        "meai_full" => ChatClientContender.Full(endpoint),
        "sdk" => SdkContender.Standard(endpoint),
        "sdk_otel" => SdkContender.Watched(endpoint),
        _ => SdkContender.RoutingOnly(endpoint),
    };

    // Interleaved, so that whatever else the machine does falls on all of them alike, and in changing order, so that nobody always has the same predecessor.
    private static async Task<OverheadReport> MeasureAsync(OverheadSettings settings, Contender[] contenders)
    {
        var sampler = new Sampler();
        foreach (bool isStream in (bool[])[false, true])
        {
            foreach (Contender contender in contenders)
            {
                await sampler.WarmUpAsync(contender, isStream, WarmUp);
            }
        }

        var whole = contenders.ToDictionary(c => c.Name, _ => new List<Sample>());
        var streamed = contenders.ToDictionary(c => c.Name, _ => new List<Sample>());
        var order = new Random(1);
        Contender[] turns = [.. contenders];
        long began = Stopwatch.GetTimestamp();
        int rounds = 0;
        for (; rounds < settings.Rounds && (rounds == 0 || Stopwatch.GetElapsedTime(began).TotalSeconds < settings.Seconds); rounds++)
        {
            order.Shuffle(turns);
            foreach (Contender contender in turns)
            {
                whole[contender.Name].Add(await sampler.TakeAsync(contender, isStream: false, settings.Calls));
            }

            foreach (Contender contender in turns)
            {
                streamed[contender.Name].Add(await sampler.TakeAsync(contender, isStream: true, settings.Calls / 5));
            }
        }

        return new OverheadReport(settings, rounds, whole, streamed);
    }
}
