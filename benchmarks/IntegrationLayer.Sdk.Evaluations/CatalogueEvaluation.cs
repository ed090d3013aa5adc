using System.Diagnostics;
using System.Globalization;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Evaluations;

/// <summary>Measures the embedded catalogue: how much it holds, how long the first load of a process takes, how much memory it keeps.</summary>
internal static class CatalogueEvaluation
{
    private const double Mebibyte = 1 << 20;

    /// <summary>Measures and prints; <c>--json</c> prints one line of JSON.</summary>
    /// <returns>0.</returns>
    public static int Run(string[] arguments)
    {
        // The first load of the process: decompression, parsing and just-in-time compilation included.
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Stopwatch watch = Stopwatch.StartNew();
        ModelCatalogue catalogue = ModelCatalogue.LoadEmbedded(TimeProvider.System);
        double milliseconds = watch.Elapsed.TotalMilliseconds;
        double mebibytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / Mebibyte;
        string line = arguments.Contains("--json")
            ? string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"models":{{catalogue.Count}},"priced":{{catalogue.PricedCount}},"providers":{{catalogue.Providers.Count}},"load_ms":{{milliseconds:F2}},"memory_mib":{{mebibytes:F2}}}""")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{catalogue.Count} models of {catalogue.Providers.Count} providers, {catalogue.PricedCount} priced; loaded in {milliseconds:F1} ms, keeps {mebibytes:F2} MiB");
        Console.WriteLine(line);
        GC.KeepAlive(catalogue);
        return 0;
    }
}
