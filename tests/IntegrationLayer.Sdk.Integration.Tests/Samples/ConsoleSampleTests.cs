namespace IntegrationLayer.Sdk.Integration.Tests.Samples;

public sealed class ConsoleSampleTests
{
    [TestCase("Sample03.TypedResult", "Globex: 1249.50 in 2 lines", "  Mouse: 50.50", "Read by openai/gpt-4o-mini for $0.0000")]
    [TestCase("Sample04.Tools", "The model asks for the temperature in Oslo.", "It is 7 degrees in Oslo: take a coat.", "2 calls, 0.0000")]
    [TestCase("Sample05.Embeddings", "0.95  How do I return my order?  ~  I want to send the parcel back.", "0.41  How", "Embedded by openai/text-embedding-3-small for $")]
    [TestCase("Sample06.SelfHostedGateway", "openai/gpt-4o-mini ($0.0000", "host of the provider.", "local/llama3.2 ($0)", "host http://localhost:11434/v1.")]
    [TestCase("Sample07.CustomRoutingPolicy", "chat: openai/gpt-4o-mini", "review-contract: anthropic/claude-sonnet-4-5", "by policy ImportantWork")]
    [TestCase("Sample08.TwoCaches", "│ the semantic cache │", "95 % saved.", "Can I cancel 2 items of my oredr?  =>  Two items", "Can I cancel 3 items of my order? Thanks!  =>  Three items")]
    [TestCase("UsageReport", "The budget 'tenant:acme' of 0.02 USD has 0.0", "Today, by tenant and model", "gpt-4.1-mini", "Thousandths of a US dollar, by day", "Forecast to")]
    public async Task Sample_prints_what_it_shows_and_ends(string project, params string[] expected)
    {
        await using SampleProcess sample = SampleProcess.Start(project);

        int exitCode = await sample.WaitForExitAsync();

        Assert.That(exitCode, Is.Zero, sample.Output);
        foreach (string text in expected)
        {
            Assert.That(sample.Output, Does.Contain(text));
        }
    }

    [Test]
    public async Task Dashboard_draws_what_happens()
    {
        string path = Path.Combine(Path.GetTempPath(), $"dashboard-{Guid.NewGuid():N}.svg");
        await using SampleProcess sample = SampleProcess.Start("Dashboard", [("SVG", path)]);
        Assert.That(await sample.WaitForExitAsync(), Is.Zero, sample.Output);
        string picture = await File.ReadAllTextAsync(path);
        File.Delete(path);

        Assert.That(picture, Does.StartWith("<svg").And.Contain("requests").And.Contain("openai/gpt-4o-mini").And.Not.Contain("nothing yet"));
    }
}
