using System.IO.Compression;
using System.Xml.Linq;
using IntegrationLayer.Sdk.TestSupport.Processes;

namespace IntegrationLayer.Sdk.Integration.Tests.Packaging;

/// <summary>The packages as they would be published, and an application outside the repository that uses them.</summary>
[NonParallelizable]
[Category("Slow")]
public sealed class PackageTests
{
    private const string Library = "IntegrationLayer.Sdk";
    private const string Testing = "IntegrationLayer.Sdk.Testing";
    private const string Analytics = "IntegrationLayer.Sdk.Analytics";
    private const string Tool = "IntegrationLayer.Sdk.CatalogueTool";

    private readonly TemporaryFolder _folder = new();
    private string _packages = "";

    [OneTimeSetUp]
    public async Task PackAsync()
    {
        _packages = _folder.Folder("packages");
        foreach (string project in (string[])[Library, Analytics, Testing, Tool])
        {
            DotnetCommand packed = await DotnetCommand.RunAsync(RepositoryRoot.Find(), "pack", $"src/{project}", "-c", "Release", "-o", _packages);
            Assert.That(packed.ExitCode, Is.Zero, packed.Output);
        }
    }

    [OneTimeTearDown]
    public void Clean() => _folder.Dispose();

    [TestCase(Library)]
    [TestCase(Analytics)]
    [TestCase(Testing)]
    public void Package_holds_assembly_documentation_readme_and_licence(string id)
    {
        using ZipArchive package = Open(id);
        XElement metadata = Metadata(package);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(package.Entries.Select(entry => entry.FullName), Is.SupersetOf(
                [$"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml", "README.md", "CHANGELOG.md"]));
            Assert.That(Value(metadata, "license"), Is.EqualTo("MIT"));
            Assert.That(metadata.Elements().Single(element => element.Name.LocalName == "license").Attribute("type")?.Value, Is.EqualTo("expression"));
            Assert.That(Value(metadata, "readme"), Is.EqualTo("README.md"));
            Assert.That(Value(metadata, "description"), Has.Length.GreaterThan(40));
            Assert.That(Value(metadata, "tags"), Does.Contain("llm"));
            Assert.That(File.Exists(Path.ChangeExtension(PathOf(id), ".snupkg")), Is.True, "symbols");
        }
    }

    [TestCase(Library)]
    [TestCase(Tool)]
    public void Package_names_the_third_parties_whose_data_it_holds(string id)
    {
        using ZipArchive package = Open(id);
        ZipArchiveEntry notice = package.Entries.Single(entry => entry.FullName == "THIRD-PARTY-NOTICES.txt");
        using StreamReader reader = new(notice.Open());

        Assert.That(reader.ReadToEnd(), Does.Contain("MIT"));
    }

    [Test]
    public void Documentation_covers_every_public_type()
    {
        using ZipArchive package = Open(Library);
        XDocument documentation = XDocument.Load(package.GetEntry($"lib/net10.0/{Library}.xml")!.Open());
        HashSet<string> documented = [.. documentation.Descendants("member").Select(member => member.Attribute("name")!.Value)];

        Assert.That(
            Architecture.CodeBase.PublicTypes.Select(type => "T:" + type.FullName!.Replace('+', '.')),
            Is.SubsetOf(documented));
    }

    // A test framework, a web framework or a cloud SDK among them would reach every application.
    [Test]
    public void Library_depends_on_abstractions_and_extensions_only()
    {
        using ZipArchive package = Open(Library);
        string[] dependencies = [.. Metadata(package).Descendants().Where(e => e.Name.LocalName == "dependency").Select(e => e.Attribute("id")!.Value)];

        Assert.That(dependencies, Is.Not.Empty);
        Assert.That(dependencies, Has.All.StartsWith("Microsoft.Extensions.").Or.EqualTo("System.Threading.RateLimiting"));
        Assert.That(Metadata(package).Descendants().Where(e => e.Name.LocalName == "frameworkReference"), Is.Empty);
    }

    [Test]
    public void Tool_is_a_tool()
    {
        using ZipArchive package = Open(Tool);

        Assert.That(Metadata(package).Descendants().Single(e => e.Name.LocalName == "packageType").Attribute("name")?.Value, Is.EqualTo("DotnetTool"));
        Assert.That(package.Entries.Select(entry => entry.Name), Has.Member("DotnetToolSettings.xml"));
    }

    [Test]
    public async Task Application_outside_the_repository_uses_the_packages()
    {
        string version = Version(Library);
        _folder.Write("consumer/nuget.config", $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{_folder.Folder("installed")}" /></config>
              <packageSources><add key="packed" value="{_packages}" /></packageSources>
              <fallbackPackageFolders><add key="machine" value="{MachinePackages()}" /></fallbackPackageFolders>
            </configuration>
            """);
        _folder.Write("consumer/Consumer.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{Library}" Version="[{version}]" />
                <PackageReference Include="{Testing}" Version="[{version}]" />
              </ItemGroup>
            </Project>
            """);
        _folder.Write("consumer/Program.cs", """
            using IntegrationLayer.Sdk;
            using IntegrationLayer.Sdk.Models;
            using IntegrationLayer.Sdk.Testing;
            using Microsoft.Extensions.DependencyInjection;

            FakePortkey fake = new();
            fake.OnChat("gpt-4o-mini").Reply("Hello from the packages");
            ServiceCollection services = new();
            services.AddIntegrationLayer(options =>
            {
                options.Accounts["openai"] = new AccountOptions { Provider = "openai", ApiKey = "sk-consumer" };
                options.Accounts["openai"].Models.Add("gpt-4o-mini");
            }).UseFakePortkey(fake);
            await using ServiceProvider provider = services.BuildServiceProvider();
            LlmResponse response = await provider.GetRequiredService<ILlmClient>().GetResponseAsync("Hi");
            fake.VerifyAllCalled();
            Console.WriteLine($"{response.Text} by {response.Receipt.Deployment}");
            """);

        DotnetCommand built = await DotnetCommand.RunAsync(_folder.Folder("consumer"), "build", "-o", _folder.Folder("built"));
        Assert.That(built.ExitCode, Is.Zero, built.Output);
        DotnetCommand run = await DotnetCommand.RunProgramAsync("dotnet", _folder.Path, Path.Combine(_folder.Path, "built", "Consumer.dll"));

        Assert.That(run.ExitCode, Is.Zero, run.Output);
        Assert.That(run.Output.Trim(), Is.EqualTo("Hello from the packages by openai/gpt-4o-mini"));
        Assert.That(Directory.GetDirectories(_folder.Folder("installed")).Select(path => Path.GetFileName(path)), Is.SupersetOf(
            [Library.ToLowerInvariant(), Testing.ToLowerInvariant()]), "The packages came from this run.");
    }

    private static string MachinePackages() => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static XElement Metadata(ZipArchive package)
    {
        using Stream specification = package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(specification).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
    }

    private static string Value(XElement metadata, string name) =>
        metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value ?? "";

    private string Version(string id)
    {
        using ZipArchive package = Open(id);
        return Value(Metadata(package), "version");
    }

    // The id is followed by the version, which begins with a digit.
    private string PathOf(string id) => Directory.GetFiles(_packages, $"{id}.*.nupkg")
        .Single(path => char.IsAsciiDigit(Path.GetFileName(path)[id.Length + 1]));

    private ZipArchive Open(string id) => ZipFile.OpenRead(PathOf(id));
}
