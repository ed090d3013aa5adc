using Microsoft.Coyote.SystematicTesting;

namespace IntegrationLayer.Sdk.Systematic.Tests;

/// <summary>Runs a test under many schedules of its tasks, chosen by Coyote; a failure is reported with its trace.</summary>
internal static class Explorer
{
    /// <summary>Tries schedules, and fails with the first that breaks what the test asserts.</summary>
    public static void Explore(Func<Task> test, uint iterations = 200)
    {
        TestReport report = Run(test, iterations);
        Assert.That(report.NumOfFoundBugs, Is.Zero, () => string.Join('\n', report.BugReports));
    }

    /// <summary>Tries schedules until one breaks what the test asserts: the control that exploring finds what is broken.</summary>
    public static void ShouldFind(Func<Task> test, uint iterations = 2_000) =>
        Assert.That(Run(test, iterations).NumOfFoundBugs, Is.Positive, "No schedule broke what is known to be broken.");

    private static TestReport Run(Func<Task> test, uint iterations)
    {
        var configuration = Microsoft.Coyote.Configuration.Create()
            .WithTestingIterations(iterations)
            .WithRandomGeneratorSeed(1)
            .WithDeadlockTimeout(60_000)
            .WithTelemetryEnabled(false);
        using TestingEngine engine = TestingEngine.Create(configuration, test);
        engine.Run();
        TestContext.Out.WriteLine(engine.GetReport());
        return engine.TestReport;
    }
}
