using System.Diagnostics;
using System.Text.Json;

namespace IntegrationLayer.Sdk.Redis.Tests.Budgets;

/// <summary>A short run of the evaluation in which four processes of a hundred workers race for one budget, while they and Redis are killed, frozen and restarted.</summary>
[NonParallelizable]
[Category("Slow")]
internal sealed class BudgetRaceTests
{
    private const string Evaluations = "IntegrationLayer.Sdk.Evaluations";

    [TestCase("strict")]
    [TestCase("lease")]
    [Property("FaultMatrix", "45")]
    [Property("FaultMatrix", "46")]
    public async Task Racing_processes_never_overspend_and_every_call_is_settled_once(string mode)
    {
        DirectoryInfo output = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string program = Path.Combine(output.Parent!.Parent!.FullName, Evaluations, output.Name, $"{Evaluations}.dll");
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [program, "budget-race", "--seconds", "12", "--mode", mode, "--json"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string json = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, json + await errors);

        JsonElement report = JsonDocument.Parse(json).RootElement;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Number("overspend_nanousd"), Is.Zero);
            Assert.That(Number("double_settled"), Is.Zero);
            Assert.That(Number("lost"), Is.Zero);
            Assert.That(Number("held_nanousd"), Is.Zero, "every reservation has ended");
            Assert.That(Number("settled_nanousd"), Is.InRange(1, Number("limit_nanousd")));
            Assert.That(Number("requests"), Is.GreaterThan(100));
            Assert.That(Number("kills"), Is.GreaterThan(0));
        }

        long Number(string name) => report.GetProperty(name).GetInt64();
    }
}
