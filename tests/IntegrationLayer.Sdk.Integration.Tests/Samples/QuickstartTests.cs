using System.Text.RegularExpressions;
using IntegrationLayer.Sdk.Testing;

namespace IntegrationLayer.Sdk.Integration.Tests.Samples;

public sealed partial class QuickstartTests
{
    private const string Project = "Quickstart";

    [Test]
    public async Task Quickstart_without_a_key_shows_every_step_and_ends()
    {
        await using SampleProcess sample = SampleProcess.Start(Project);

        int exitCode = await sample.WaitForExitAsync();

        Assert.That(exitCode, Is.Zero, sample.Output);
        string output = CellBorders().Replace(sample.Output, " ");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(output, Does.Contain("1 openai/gpt-4.1-mini costs at most 0.00656 USD"), "candidates with what they may cost");
            Assert.That(output, Does.Contain("its context of 128000 tokens is under 150000").And.Contain("may cost 0.061506 USD, over 0.03 USD"), "reasons");
            Assert.That(output, Does.Contain("HighestQuality anthropic/claude-sonnet-4-5 $0.00"), "a policy by name");
            Assert.That(output, Does.Match(@"first piece after \d+ ms, \d\d pieces in \d+ ms"), "a stream with its timing");
            Assert.That(output, Does.Match(@"saved against the dearest candidate \$0\.000\d+"), "the saving");
            Assert.That(output, Does.Contain("failing ProviderUnavailable (503)").And.Contain("openai/gpt-4o-mini answered"), "failover");
        }
    }

    [Test]
    public async Task Quickstart_into_a_pipe_writes_no_control_sequences()
    {
        await using SampleProcess sample = SampleProcess.Start(Project);

        await sample.WaitForExitAsync();

        Assert.That(sample.Output.Where(c => char.IsControl(c) && c is not ('\n' or '\r')), Is.Empty);
    }

    [Test]
    public async Task Quickstart_over_a_gateway_of_ones_own_sends_the_keys_of_the_environment()
    {
        FakePortkey gateway = new();
        gateway.OnChat("model-of-a-failing-provider").Fail(FakePortkeyError.Provider(404, "The model does not exist"));
        gateway.OnChat().Reply("Hello from your own gateway.");
        await using FakePortkeyServer server = await gateway.StartServerAsync();
        await using SampleProcess sample = SampleProcess.Start(
            Project,
            ("PORTKEY_GATEWAY_URL", server.BaseAddress.AbsoluteUri),
            ("PORTKEY_PROVIDERS", "main:openai:gpt-4o-mini,gpt-4o;spare:mistral-ai:mistral-small-latest;unused:google:gemini-2.5-pro"),
            ("OPENAI_API_KEY", "sk-of-openai"),
            ("MISTRAL_AI_API_KEY", "key-of-mistral"));

        int exitCode = await sample.WaitForExitAsync();

        Assert.That(exitCode, Is.Zero, sample.Output);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(sample.Output, Does.Contain("Hello from your own gateway.").And.Not.Contain("google"));
            Assert.That(gateway.Requests.Where(r => r.Provider == "openai").Select(r => r.ApiKey), Is.All.EqualTo("sk-of-openai").And.Not.Empty);
            Assert.That(sample.Output, Does.Contain("ModelNotFound (404)"));
        }
    }

    [TestCase(null, "Set PORTKEY_PROVIDERS to the providers of your Portkey workspace")]
    [TestCase("openai-prod", "PORTKEY_PROVIDERS holds 'openai-prod'. Write name:provider:model,model")]
    [TestCase("openai-prod:openai:gpt-4o-mimi", "lists 'gpt-4o-mimi', which the catalogue doesn't know at 'openai'")]
    public async Task Quickstart_that_is_set_up_wrongly_names_the_cure(string? providers, string message)
    {
        (string, string)[] variables = providers is null
            ? [("PORTKEY_API_KEY", "pk-sample")]
            : [("PORTKEY_API_KEY", "pk-sample"), ("PORTKEY_PROVIDERS", providers)];
        await using SampleProcess sample = SampleProcess.Start(Project, variables);

        int exitCode = await sample.WaitForExitAsync();

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(sample.Output.ReplaceLineEndings(" "), Does.Contain(message).And.Not.Contain("   at "));
    }

    [GeneratedRegex("[│ ]+")]
    private static partial Regex CellBorders();
}
