using System.Diagnostics;
using System.Text.Json;

namespace IntegrationLayer.Sdk.Integration.Tests.FaultMatrix;

/// <summary>Row 61: little memory. The evaluation of load, in processes whose heaps may not grow beyond 256 MiB.</summary>
[NonParallelizable]
internal sealed class MemoryFaultTests
{
    private const string Evaluations = "IntegrationLayer.Sdk.Evaluations";

    [Test]
    [Property("FaultMatrix", "61")]
    public async Task Two_thousand_requests_at_once_are_served_within_256_mebibytes()
    {
        DirectoryInfo output = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string program = Path.Combine(output.Parent!.Parent!.FullName, Evaluations, output.Name, $"{Evaluations}.dll");
        ProcessStartInfo start = new("dotnet", [program, "load", "--concurrency", "2000", "--requests", "4000", "--runs", "1", "--json"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x10000000";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string json = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, json + await errors);

        using JsonDocument report = JsonDocument.Parse(json);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(report.RootElement.GetProperty("completed").GetInt64(), Is.EqualTo(4_000));
            Assert.That(report.RootElement.GetProperty("errors").GetInt64(), Is.Zero);
            Assert.That(report.RootElement.GetProperty("most_in_flight").GetInt64(), Is.EqualTo(2_000));
        }
    }
}
