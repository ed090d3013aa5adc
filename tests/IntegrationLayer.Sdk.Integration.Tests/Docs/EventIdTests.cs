using System.Text.RegularExpressions;
using IntegrationLayer.Sdk.TestSupport.Processes;

namespace IntegrationLayer.Sdk.Integration.Tests.Docs;

/// <summary>The table of log events in docs/telemetry.md.</summary>
public sealed partial class EventIdTests
{
    [Test]
    public void Every_event_that_is_logged_is_in_the_table_and_has_an_id_of_its_own()
    {
        string root = RepositoryRoot.Find();
        string[] logged = [.. Directory.EnumerateFiles(Path.Combine(root, "src"), "*.cs", SearchOption.AllDirectories).SelectMany(f => Logged().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Value))];
        string[] listed = [.. Listed().Matches(File.ReadAllText(Path.Combine(root, "docs", "telemetry.md"))).Select(m => m.Groups[1].Value)];

        Assert.That(logged, Has.Length.GreaterThan(20).And.Unique);
        Assert.That(listed, Is.EquivalentTo(logged));
    }

    [GeneratedRegex(@"\[LoggerMessage\((?:EventId = )?(\d{4})")]
    private static partial Regex Logged();

    [GeneratedRegex(@"^\| (\d{4}) \|", RegexOptions.Multiline)]
    private static partial Regex Listed();
}
