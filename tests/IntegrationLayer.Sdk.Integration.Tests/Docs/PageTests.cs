using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Portkey;
using IntegrationLayer.Sdk.Resilience;
using IntegrationLayer.Sdk.TestSupport.Processes;
using IntegrationLayer.Sdk.Telemetry;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Integration.Tests.Docs;

public sealed partial class PageTests
{
    [TestCaseSource(typeof(Page), nameof(Page.All))]
    public void Links_lead_somewhere(Page page)
    {
        string root = RepositoryRoot.Find();
        Dictionary<string, Page> pages = Page.All().ToDictionary(p => Path.Combine(root, p.File));
        string own = Path.Combine(root, page.File);

        Assert.That(page.Links().Where(link => !IsFound(link)), Is.Empty);

        bool IsFound(string link)
        {
            string[] parts = link.Split('#', 2);
            string path = parts[0].Length == 0 ? own : Path.GetFullPath(parts[0], Path.GetDirectoryName(own)!);
            return parts.Length == 1
                ? File.Exists(path) || Directory.Exists(path)
                : pages.TryGetValue(path, out Page? target) && target.Anchors().Contains(parts[1].ToUpperInvariant());
        }
    }

    [Test]
    public void Index_lists_every_page()
    {
        Page index = Page.All().Single(page => page.File == "docs/README.md");
        IEnumerable<string> pages = Page.All()
            .Select(page => page.File)
            .Where(file => file.StartsWith("docs/", StringComparison.Ordinal) && file.Count(c => c == '/') == 1 && file != index.File)
            .Select(file => file["docs/".Length..]);

        Assert.That(pages.Except(index.Links()), Is.Empty);
    }

    [TestCase("getting-started", typeof(IntegrationLayerOptions), "Portkey", "Accounts", "Deployments", "LoadBalancing", "Resilience", "Budgets", "Usage", "Telemetry")]
    [TestCase("getting-started", typeof(PortkeyOptions), "Endpoints")]
    [TestCase("getting-started", typeof(UsageOptions))]
    [TestCase("telemetry", typeof(TelemetryOptions))]
    [TestCase("getting-started", typeof(AccountOptions))]
    [TestCase("getting-started", typeof(DeploymentOptions))]
    [TestCase("routing", typeof(LoadBalancingOptions))]
    [TestCase("reliability", typeof(ResilienceOptions), "Health", "Timeouts", "Retries", "Hedging", "Gateways")]
    [TestCase("reliability", typeof(RetryOptions))]
    [TestCase("budgets", typeof(BudgetLimitOptions))]
    [TestCase("reliability", typeof(TimeoutOptions))]
    [TestCase("reliability", typeof(HealthOptions))]
    [TestCase("gateways", typeof(PortkeyEndpointOptions))]
    [TestCase("gateways", typeof(GatewayPoolOptions))]
    [TestCase("reliability", typeof(HedgingOptions))]
    public void Every_option_is_in_the_tables(string name, Type options, params string[] sections)
    {
        string page = Page.All().Single(p => p.File == $"docs/{name}.md").Text;

        IEnumerable<string> missing = options.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select(property => property.Name)
            .Except(sections)
            .Where(name => !Regex.IsMatch(page, $@"^\| [^|]*`{name}(:<name>)?`[^|]*\|", RegexOptions.Multiline));

        Assert.That(missing, Is.Empty);
    }

    [TestCaseSource(typeof(Page), nameof(Page.All))]
    public async Task Configurations_are_accepted(Page page)
    {
        foreach (Match block in JsonBlock().Matches(page.Text).Where(b => b.Groups["json"].Value.Contains("\"IntegrationLayer\"", StringComparison.Ordinal)))
        {
            using MemoryStream json = new(Encoding.UTF8.GetBytes(block.Groups["json"].Value));
            IConfigurationRoot configuration = new ConfigurationBuilder().AddJsonStream(json).Build();
            await using ServiceProvider provider = new ServiceCollection().AddIntegrationLayer(configuration).Services.BuildServiceProvider();

            Assert.That(() => provider.GetRequiredService<ILlmClient>(), Throws.Nothing, block.Value);
        }
    }

    [GeneratedRegex("^```json\n(?<json>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex JsonBlock();
}
