using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using IntegrationLayer.Sdk.Evaluations.Overhead;

namespace IntegrationLayer.Sdk.Evaluations.Load;

/// <summary>Thousands of requests in flight at once: the SDK beside a bare HTTP client, each in a process of its own, against a provider that answers when all have arrived.</summary>
internal static class LoadEvaluation
{
    // The open sockets of the runtime itself.
    private const int SocketsToSpare = 10;

    public static async Task<int> RunAsync(string[] args)
    {
        LoadSettings settings = LoadSettings.Parse(args);
        List<LoadResult> raw = [];
        List<LoadResult> sdk = [];
        for (int run = 0; run < settings.Runs; run++)
        {
            // In turn first and second.
            foreach (bool isSdk in run % 2 == 0 ? (bool[])[false, true] : [true, false])
            {
                (isSdk ? sdk : raw).Add(await MeasureAsync(settings, isSdk ? "sdk" : "raw"));
            }
        }

        string[] faults = [.. sdk.SelectMany(result => Faults(result, settings)).Distinct()];
        if (settings.Json)
        {
            using Stream output = Console.OpenStandardOutput();
            WriteJson(output, settings, sdk, raw);
        }
        else
        {
            WriteText(settings, sdk, raw);
        }

        Array.ForEach(faults, Console.Error.WriteLine);
        return faults.Length == 0 ? 0 : 1;
    }

    private static async Task<LoadResult> MeasureAsync(LoadSettings settings, string contender)
    {
        using ProviderProcess provider = await ProviderProcess.StartAsync("load-provider");
        string[] arguments =
        [
            "load-client", contender, new Uri(provider.Address, "/").AbsoluteUri, settings.Concurrency.ToString(CultureInfo.InvariantCulture), settings.Requests.ToString(CultureInfo.InvariantCulture),
        ];
        ProcessStartInfo start = ProviderProcess.StartInfo(arguments);
        using Process client = Process.Start(start)!;
        string line = await client.StandardOutput.ReadToEndAsync();
        await client.WaitForExitAsync();
        return client.ExitCode == 0
            ? JsonSerializer.Deserialize(line, LoadJson.Default.LoadResult)!
            : throw new InvalidOperationException($"The process of {contender} ended with {client.ExitCode}.");
    }

    private static IEnumerable<string> Faults(LoadResult result, LoadSettings settings)
    {
        if (result.Errors > 0 || result.Completed != settings.Requests)
        {
            yield return $"{result.Errors} requests failed, {result.Completed} of {settings.Requests} were answered. The first error: {result.FirstError}";
        }

        if (result.MostInFlight != settings.Concurrency)
        {
            yield return $"{result.MostInFlight} requests were in flight at once, not {settings.Concurrency}.";
        }

        if (result.SocketsAfter > result.SocketsBefore + SocketsToSpare)
        {
            yield return $"{result.SocketsAfter} sockets are left open; there were {result.SocketsBefore} before.";
        }

        if (result.LeftInFlight != 0)
        {
            yield return $"The SDK counts {result.LeftInFlight} calls as under way, and there are none.";
        }
    }

    private static double Median(IEnumerable<LoadResult> results, Func<LoadResult, double> figure) => Sample.Median(results.Select(figure));

    private static double Rps(IReadOnlyList<LoadResult> results) => Median(results, static r => r.Completed / r.Seconds);

    private static void WriteJson(Stream output, LoadSettings settings, List<LoadResult> sdk, List<LoadResult> raw)
    {
        using var writer = new Utf8JsonWriter(output);
        writer.WriteStartObject();
        writer.WriteNumber("completed", sdk.Min(static r => r.Completed));
        writer.WriteNumber("errors", sdk.Max(static r => r.Errors));
        Write("p50_ms", Median(sdk, static r => r.P50Ms));
        Write("p99_ms", Median(sdk, static r => r.P99Ms));
        Write("requests_per_second", Rps(sdk));
        Write("peak_rss_mib", Median(sdk, static r => r.PeakRssMib));
        Write("raw_requests_per_second", Rps(raw));
        Write("raw_peak_rss_mib", Median(raw, static r => r.PeakRssMib));
        writer.WriteNumber("raw_errors", raw.Max(static r => r.Errors));
        Write("wall_ratio", WallRatio(sdk, raw));
        Write("peak_rss_ratio", RssRatio(sdk, raw));
        writer.WriteNumber("most_in_flight", sdk.Min(static r => r.MostInFlight));
        writer.WriteNumber("runs", settings.Runs);
        writer.WriteEndObject();

        void Write(string name, double value) => writer.WriteNumber(name, Math.Round(value, 3));
    }

    private static double WallRatio(List<LoadResult> sdk, List<LoadResult> raw) => Median(sdk, static r => r.Seconds) / Median(raw, static r => r.Seconds);

    private static double RssRatio(List<LoadResult> sdk, List<LoadResult> raw) => Median(sdk, static r => r.PeakRssMib) / Median(raw, static r => r.PeakRssMib);

    private static void WriteText(LoadSettings settings, List<LoadResult> sdk, List<LoadResult> raw)
    {
        Console.WriteLine($"{settings.Requests} requests, {settings.Concurrency} in flight at once; medians of {settings.Runs} runs, each in a process of its own. File descriptors: {ProcessFigures.DescriptorLimit()} at most.");
        foreach ((string name, List<LoadResult> results) in new[] { ("raw", raw), ("sdk", sdk) })
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-4} {results.Min(r => r.Completed)} completed, {results.Max(r => r.Errors)} errors, {Median(results, r => r.Seconds):0.0} s, {Rps(results):0} requests/s, p50 {Median(results, r => r.P50Ms):0} ms, p99 {Median(results, r => r.P99Ms):0} ms, peak {Median(results, r => r.PeakRssMib):0} MiB"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"sdk/raw: time {WallRatio(sdk, raw):0.00}, peak memory {RssRatio(sdk, raw):0.00}"));
    }
}
