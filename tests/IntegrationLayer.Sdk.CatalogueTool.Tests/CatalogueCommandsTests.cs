using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.CatalogueTool.Tests;

[TestFixture]
public sealed class CatalogueCommandsTests
{
    private SamplePackages _packages = null!;
    private StringWriter _output = null!;
    private StringWriter _error = null!;

    [SetUp]
    public void SetUp()
    {
        _packages = new SamplePackages();
        _output = new StringWriter();
        _error = new StringWriter();
    }

    [TearDown]
    public void TearDown()
    {
        _packages.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Test]
    public async Task Build_writes_a_catalogue_that_the_sdk_loads()
    {
        int code = await RunAsync("build", "--pi", _packages.Pi, "--genai", _packages.Genai, "--out", _packages.Output);

        Assert.That(code, Is.Zero, _error.ToString());
        Assert.That(ModelCatalogue.Load(_packages.Output).Version, Is.EqualTo("2026-09-23"), "the day of the clock");
        Assert.That(_output.ToString(), Does.Contain("priced").And.Contain("fingerprint"));
    }

    [Test]
    public async Task Tokenizer_makes_a_vocabulary_of_a_tiktoken_file()
    {
        string source = _packages.Output + ".tiktoken";
        await File.WriteAllTextAsync(source, "YQ== 0\nYg== 1\nYWI= 2\n");
        int code = await RunAsync("tokenizer", "--source", source, "--out", _packages.Output);

        Assert.That(code, Is.Zero, _error.ToString());
        Assert.That(_output.ToString(), Does.Contain("3 tokens"));
        Assert.That(new FileInfo(_packages.Output).Length, Is.GreaterThan(0));
    }

    [Test]
    public async Task Build_twice_writes_the_same_bytes()
    {
        await BuildAsync();
        byte[] first = await File.ReadAllBytesAsync(_packages.Output);
        await BuildAsync();

        Assert.That(await File.ReadAllBytesAsync(_packages.Output), Is.EqualTo(first));
    }

    [Test]
    public async Task Check_prints_counts_suspects_and_changes()
    {
        await BuildAsync();

        int code = await RunAsync("check", _packages.Output, "--all");

        Assert.That(code, Is.Zero);
        Assert.That(
            _output.ToString(),
            Does.Contain("source @oh-my-pi/pi-catalog 1.2.3 (MIT)").And.Contain("  deepinfra/v/m: 0.01 in").And.Contain("new openai/gpt-x").And.Contain("gone openai/gpt-4o"));
    }

    [Test]
    public async Task Check_of_the_embedded_catalogue_against_itself_has_no_changes()
    {
        CatalogueReport.Check(_output, ModelCatalogue.Embedded, ModelCatalogue.Embedded, all: false);

        Assert.That(_output.ToString(), Does.Contain("0 changes"));
        await Task.CompletedTask;
    }

    [Test]
    public async Task Check_reports_a_price_that_changed_by_more_than_five_per_cent()
    {
        await BuildAsync();
        ModelCatalogue before = ModelCatalogue.Load(_packages.Output);
        using SamplePackages changed = new(pi: """{"openai":{"gpt-x":{"id":"gpt-x","reasoning":false,"input":["text"],"cost":{"input":2.2,"output":8,"cacheRead":0,"cacheWrite":0},"contextWindow":1,"maxTokens":1}}}""");
        await RunAsync("build", "--pi", changed.Pi, "--genai", changed.Genai, "--out", changed.Output);

        CatalogueReport.Check(_output, ModelCatalogue.Load(changed.Output), before, all: true);

        Assert.That(_output.ToString(), Does.Contain("changed openai/gpt-x: 2 in").And.Not.Contain("changed openai/dated"));
    }

    [Test]
    public async Task Show_prints_a_models_prices_and_their_variants()
    {
        await BuildAsync();

        Assert.That(await RunAsync("show", "openai/gpt-x", "--file", _packages.Output), Is.Zero);
        Assert.That(await RunAsync("show", "deepseek/night", "--file", _packages.Output), Is.Zero);
        Assert.That(_output.ToString(), Does.Contain("above 999 input tokens").And.Contain("[flex").And.Contain("01:00-02:00 UTC").And.Contain("2026-09-14"));
    }

    [Test]
    public async Task Show_of_an_unknown_model_suggests_others_and_fails()
    {
        Assert.That(await RunAsync("show", "openrouter/gpt-4o-mini"), Is.EqualTo(1));
        Assert.That(_output.ToString(), Does.Contain("isn't in the catalogue").And.Contain("perhaps "));
    }

    [Test]
    public async Task List_prints_a_provider_as_comma_separated_values()
    {
        Assert.That(await RunAsync("list", "--provider", "cohere"), Is.Zero);
        Assert.That(_output.ToString(), Does.StartWith("provider,model,kind").And.Contain("cohere,command-r,Chat,0.15,0.6"));
    }

    [Test]
    public async Task List_without_a_provider_prints_every_model()
    {
        await RunAsync("list");

        Assert.That(_output.ToString().Trim().Split('\n'), Has.Length.EqualTo(ModelCatalogue.Embedded.Count + 1));
    }

    [TestCase("Name an", "nonsense")]
    [TestCase("no command 'nonsense'", "nonsense")]
    [TestCase("needs --pi", "build")]
    [TestCase("needs --out", "build", "--pi", "x", "--genai", "y")]
    [TestCase("no option '--wrong'", "build", "--wrong", "1")]
    [TestCase("'--out' needs a value", "build", "--out")]
    [TestCase("one argument too many", "check", "a", "b")]
    [TestCase("needs an argument", "check")]
    [TestCase("no PROVIDER/MODEL", "show", "gpt-4o")]
    [TestCase("no date", "build", "--pi", "x", "--genai", "y", "--out", "z", "--date", "tomorrow")]
    public async Task Run_with_a_wrong_command_line_says_what_is_wrong(string expected, params string[] arguments)
    {
        Assert.That(await RunAsync(arguments), Is.EqualTo(2));
        Assert.That(_error.ToString(), Does.Contain(expected == "Name an" ? "il-catalogue build" : expected));
    }

    [TestCase]
    [TestCase("--help")]
    [TestCase("build", "-h")]
    public async Task Run_without_a_command_prints_the_usage(params string[] arguments)
    {
        Assert.That(await RunAsync(arguments), Is.Zero);
        Assert.That(_output.ToString(), Does.Contain("il-catalogue refresh"));
    }

    [Test]
    public async Task Build_from_a_missing_folder_fails_with_its_name()
    {
        Assert.That(await RunAsync("build", "--pi", "/nowhere", "--genai", _packages.Genai, "--out", _packages.Output), Is.EqualTo(1));
        Assert.That(_error.ToString(), Does.Contain("/nowhere"));
    }

    [Test]
    public async Task Build_from_swapped_folders_names_both_packages()
    {
        Assert.That(await RunAsync("build", "--pi", _packages.Genai, "--genai", _packages.Pi, "--out", _packages.Output), Is.EqualTo(1));
        Assert.That(_error.ToString(), Does.Contain("@pydantic/genai-prices").And.Contain("@oh-my-pi/pi-catalog"));
    }

    [Test]
    public async Task Build_from_a_package_under_another_licence_is_refused()
    {
        using SamplePackages packages = new(licence: "GPL-3.0");

        Assert.That(await RunAsync("build", "--pi", packages.Pi, "--genai", packages.Genai, "--out", packages.Output), Is.EqualTo(1));
        Assert.That(_error.ToString(), Does.Contain("GPL-3.0"));
    }

    [Test]
    public async Task Check_of_something_else_fails_with_the_cure()
    {
        Assert.That(await RunAsync("check", Path.Combine(_packages.Pi, "package.json")), Is.EqualTo(1));
        Assert.That(_error.ToString(), Does.Contain("is no model catalogue"));
    }

    private Task<int> BuildAsync() =>
        RunAsync("build", "--pi", _packages.Pi, "--genai", _packages.Genai, "--out", _packages.Output, "--date", "2026-09-23");

    private Task<int> RunAsync(params string[] arguments)
    {
        FakeTimeProvider clock = new(new DateTimeOffset(2026, 9, 23, 5, 0, 0, TimeSpan.Zero));
        return new CatalogueCommands(_output, _error, clock).RunAsync(arguments, CancellationToken.None);
    }
}
