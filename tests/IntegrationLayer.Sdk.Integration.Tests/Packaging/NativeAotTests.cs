using IntegrationLayer.Sdk.TestSupport.Processes;

namespace IntegrationLayer.Sdk.Integration.Tests.Packaging;

/// <summary>An application compiled ahead of time. Its own checks are in tests/AotSmoke.</summary>
[NonParallelizable]
[Category("Slow")]
public sealed class NativeAotTests
{
    [Test]
    public async Task Application_compiled_ahead_of_time_has_no_warnings_and_works()
    {
        using TemporaryFolder folder = new();
        string output = folder.Folder("native");

        DotnetCommand published = await DotnetCommand.RunAsync(
            RepositoryRoot.Find(), "publish", "tests/AotSmoke", "-c", "Release", "-o", output, "-p:TrimmerSingleWarn=false");
        Assert.That(published.ExitCode, Is.Zero, published.Output);
        DotnetCommand run = await DotnetCommand.RunProgramAsync(Path.Combine(output, "AotSmoke"), output);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(published.Output, Does.Not.Match("warning IL[0-9]{4}"));
            Assert.That(Directory.GetFiles(output, "*.dll"), Is.Empty, "It is one native file.");
            Assert.That(run.ExitCode, Is.Zero, run.Output);
            Assert.That(run.Output, Does.EndWith("All checks passed.\n"));
        }
    }
}
