using System.Globalization;
using System.Text.RegularExpressions;
using IntegrationLayer.Sdk.TestSupport.Processes;

namespace IntegrationLayer.Sdk.Integration.Tests.Docs;

/// <summary>The table of faults in docs/reliability.md names the tests that prove each row, and no test is missing from it.</summary>
public sealed partial class FaultMatrixTests
{
    // What has no part in the SDK yet: the audit trail, and connectors to databases, storage and webhooks.
    private static readonly int[] Later = [55, 57, 58, 59];

    private static readonly Lazy<ILookup<int, string>> Table = new(static () => Rows().ToLookup(row => row.Row, row => row.Test));
    private static readonly Lazy<ILookup<int, string>> Tests = new(static () => Marked().ToLookup(mark => mark.Row, mark => mark.Test));

    public static IEnumerable<int> Faults => Enumerable.Range(1, 62).Except(Later);

    [TestCaseSource(nameof(Faults))]
    public void Row_names_the_tests_that_prove_it(int row) =>
        Assert.That(Table.Value[row], Is.Not.Empty.And.EquivalentTo(Tests.Value[row].Distinct()));

    [Test]
    public void No_test_is_of_a_row_that_the_table_lacks() => Assert.That(Tests.Value.Select(tests => tests.Key).Concat(Table.Value.Select(tests => tests.Key)).Except(Faults), Is.Empty);

    private static IEnumerable<(int Row, string Test)> Rows() =>
        from line in File.ReadLines(Path.Combine(RepositoryRoot.Find(), "docs", "reliability.md"))
        let row = TableRow().Match(line)
        where row.Success
        from Match test in TestName().Matches(row.Groups["tests"].Value)
        select (int.Parse(row.Groups["row"].Value, CultureInfo.InvariantCulture), test.Groups["name"].Value);

    // Read from the sources, for the tests of other projects are not loaded here.
    private static IEnumerable<(int Row, string Test)> Marked()
    {
        string tests = Path.Combine(RepositoryRoot.Find(), "tests");
        IEnumerable<string> files = Directory.EnumerateFiles(tests, "*Tests.cs", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(tests, "*Contract.cs", SearchOption.AllDirectories));
        foreach (string file in files)
        {
            string source = File.ReadAllText(file);
            foreach (Match mark in Mark().Matches(source))
            {
                Match method = Method().Match(source, mark.Index);
                yield return (int.Parse(mark.Groups["row"].Value, CultureInfo.InvariantCulture), $"{Path.GetFileNameWithoutExtension(file)}.{method.Groups["name"].Value}");
            }
        }
    }

    [GeneratedRegex("""^\|\s*(?<row>\d+)\s*\|.*\|(?<tests>[^|]*)\|\s*$""", RegexOptions.ExplicitCapture)]
    private static partial Regex TableRow();

    [GeneratedRegex("`(?<name>\\w+\\.\\w+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex TestName();

    [GeneratedRegex("""\[(.*, )?Property\("FaultMatrix", "?(?<row>\d+)"?\)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Mark();

    [GeneratedRegex("""public (async )?(Task|void) (?<name>\w+)\(""", RegexOptions.ExplicitCapture)]
    private static partial Regex Method();
}
