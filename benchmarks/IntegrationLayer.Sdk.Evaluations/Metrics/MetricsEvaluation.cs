using System.Globalization;
using IntegrationLayer.Sdk.Telemetry;

namespace IntegrationLayer.Sdk.Evaluations.Metrics;

/// <summary>Counts how many distinct instruments one plain request records that misses the cache, at each level, and the most time series that one of them can grow to.</summary>
internal static class MetricsEvaluation
{
    /// <summary>Counts and prints; <c>--json</c> prints one line of JSON, <c>--names</c> also which they are.</summary>
    /// <returns>0.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        IReadOnlyCollection<string> streaming = await MeasuredRequest.RunAsync(TelemetryLevel.Full, isStreamed: true);
        IReadOnlyCollection<string> whole = await MeasuredRequest.RunAsync(TelemetryLevel.Full, isStreamed: false);
        IReadOnlyCollection<string> standard = await MeasuredRequest.RunAsync(TelemetryLevel.Standard, isStreamed: true);
        IReadOnlyCollection<string> minimal = await MeasuredRequest.RunAsync(TelemetryLevel.Minimal, isStreamed: true);
        int most = await SeriesFuzz.RunAsync();
        Console.WriteLine(arguments.Contains("--json")
            ? string.Create(CultureInfo.InvariantCulture, $$"""{"full_streaming":{{streaming.Count}},"full_whole":{{whole.Count}},"standard":{{standard.Count}},"minimal":{{minimal.Count}},"max_series":{{most}}}""")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"instruments recorded by one request: {streaming.Count} streamed and {whole.Count} whole at Full, {standard.Count} at Standard, {minimal.Count} at Minimal; {most} time series of one instrument at most after 10,000 random requests"));
        if (arguments.Contains("--names"))
        {
            Console.WriteLine(string.Join(Environment.NewLine, streaming.Order(StringComparer.Ordinal)));
        }

        return 0;
    }
}
