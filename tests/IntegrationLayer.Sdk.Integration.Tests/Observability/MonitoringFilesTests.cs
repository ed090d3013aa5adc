using System.Text.Json;
using System.Text.RegularExpressions;
using IntegrationLayer.Sdk.Integration.Tests.Samples;
using IntegrationLayer.Sdk.TestSupport.Processes;
using IntegrationLayer.Sdk.TestSupport.Prometheus;

namespace IntegrationLayer.Sdk.Integration.Tests.Observability;

/// <summary>The dashboard and the rules of samples/Observability, against the sample itself and a real Prometheus.</summary>
public sealed partial class MonitoringFilesTests
{
    private static readonly string Sample = Path.Combine(RepositoryRoot.Find(), "samples", "Observability");
    private static readonly string DashboardFile = Path.Combine(Sample, "grafana", "dashboards", "integration-layer.json");
    private static readonly string RulesFile = Path.Combine(Sample, "prometheus", "rules.yml");
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    [Test]
    public async Task Files_are_as_their_source_says()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("il-monitoring-");
        await using SampleProcess sample = SampleProcess.Start("Observability", [("WRITE", folder.FullName)]);
        Assert.That(await sample.WaitForExitAsync(), Is.Zero, sample.Output);

        Assert.That(await File.ReadAllTextAsync(DashboardFile), Is.EqualTo(await File.ReadAllTextAsync(Path.Combine(folder.FullName, "grafana", "dashboards", "integration-layer.json"))));
        Assert.That(await File.ReadAllTextAsync(RulesFile), Is.EqualTo(await File.ReadAllTextAsync(Path.Combine(folder.FullName, "prometheus", "rules.yml"))));
        folder.Delete(recursive: true);
    }

    [Test]
    public async Task Rules_pass_their_own_tests([Values("check", "test")] string verb)
    {
        (int exitCode, string output) = await PrometheusServer.CheckAsync(verb, "rules", verb == "check" ? RulesFile : Path.Combine(Sample, "prometheus", "rules.test.yml"));

        Assert.That(exitCode, Is.Zero, output);
    }

    [Test]
    public void Every_alert_is_tested()
    {
        string tests = File.ReadAllText(Path.Combine(Sample, "prometheus", "rules.test.yml"));

        Assert.That(AlertName().Matches(File.ReadAllText(RulesFile)).Select(m => m.Groups[1].Value), Is.Not.Empty.And.All.Matches<string>(name => tests.Contains(name!, StringComparison.Ordinal)));
    }

    [Test]
    public void Dashboard_has_its_rows_and_every_panel_a_unit_and_a_description()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(DashboardFile));
        JsonElement[] panels = [.. json.RootElement.GetProperty("panels").EnumerateArray()];

        Assert.That(panels.Count(p => p.GetProperty("type").GetString() == "row"), Is.EqualTo(12));
        Assert.That(panels.Select(p => p.GetProperty("id").GetInt32()), Is.Unique);
        Assert.That(
            panels.Where(p => p.GetProperty("type").GetString() != "row")
                .Where(p => p.GetProperty("description").GetString() is not { Length: > 10 } || p.GetProperty("fieldConfig").GetProperty("defaults").GetProperty("unit").GetString() is not { Length: > 0 })
                .Select(p => p.GetProperty("title").GetString()),
            Is.Empty);
    }

    [Test]
    public void No_expression_names_what_is_not_recorded()
    {
        string page = File.ReadAllText(Path.Combine(RepositoryRoot.Find(), "docs", "metrics.md"));
        HashSet<string> declared = [.. DeclaredName().Matches(page).Where(m => !m.Value.EndsWith('³')).Select(m => m.Groups[1].Value.Replace('.', '_'))];
        string[] names = [.. Expressions().Concat([File.ReadAllText(RulesFile)]).SelectMany(e => MetricName().Matches(e).Select(m => m.Value)).Distinct()];

        Assert.That(declared, Has.Count.GreaterThan(80));
        Assert.That(names, Has.Length.GreaterThan(40));
        Assert.That(names.Where(name => !declared.Contains(Suffix().Replace(name, ""))), Is.Empty);
    }

    [Test]
    public async Task Every_panel_shows_data_of_the_sample()
    {
        await using SampleProcess sample = SampleProcess.Start("Observability");
        Uri address = await sample.WaitForAddressAsync();
        await using PrometheusServer prometheus = await PrometheusServer.StartAsync(address.Authority, RulesFile);
        using var timer = new PeriodicTimer(Pause);
        List<string> left = [.. Expressions().Select(static e => e.Replace("$__rate_interval", "10s", StringComparison.Ordinal))];
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            while (left.Count > 0)
            {
                await timer.WaitForNextTickAsync(limit.Token);
                foreach (string expression in left.ToArray())
                {
                    if (await prometheus.CountAsync(expression) > 0)
                    {
                        left.Remove(expression);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // What is left is the failure.
        }

        Assert.That(left, Is.Empty, $"{prometheus.Output}\n{sample.Output[^Math.Min(2000, sample.Output.Length)..]}");
    }

    [Test]
    public async Task Metrics_are_guarded_by_a_token()
    {
        await using SampleProcess sample = SampleProcess.Start("Observability", [("METRICS_TOKEN", "open sesame")]);
        using HttpClient http = new() { BaseAddress = await sample.WaitForAddressAsync() };
        using HttpResponseMessage refused = await http.GetAsync("/metrics");
        http.DefaultRequestHeaders.Authorization = new("Bearer", "open sesame");
        using HttpResponseMessage served = await http.GetAsync("/metrics");

        Assert.That((int)refused.StatusCode, Is.EqualTo(401));
        Assert.That((int)served.StatusCode, Is.EqualTo(200));
    }

    private static string[] Expressions()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(DashboardFile));
        return
        [
            .. json.RootElement.GetProperty("panels").EnumerateArray().Where(p => p.TryGetProperty("targets", out _))
                .SelectMany(p => p.GetProperty("targets").EnumerateArray().Select(t => t.GetProperty("expr").GetString()!)),
        ];
    }

    [GeneratedRegex(@"- alert: (\w+)")]
    private static partial Regex AlertName();

    // Names of metrics and of labels alike.
    [GeneratedRegex(@"\b(integration_layer|gen_ai|http_client|dns)_[a-z0-9_]*[a-z0-9](?!:)\b")]
    private static partial Regex MetricName();

    [GeneratedRegex(@"(_seconds|_bytes|_per_second)?(_total|_bucket|_sum|_count)?$")]
    private static partial Regex Suffix();

    [GeneratedRegex(@"`((?:integration_layer|gen_ai|http|dns)\.[a-z0-9_.]+)`(?: ³)?")]
    private static partial Regex DeclaredName();
}
