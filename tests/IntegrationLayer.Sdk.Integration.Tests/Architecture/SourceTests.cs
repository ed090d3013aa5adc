using System.Text.RegularExpressions;

namespace IntegrationLayer.Sdk.Integration.Tests.Architecture;

/// <summary>Rules on the source files of the libraries and tools.</summary>
public sealed partial class SourceTests
{
    private const int LongestFile = 400;
    private const int LargestMedian = 120;

    public static IReadOnlyList<string> Files => CodeBase.SourceFiles;

    [Test]
    public void Files_are_found() => Assert.That(Files, Has.Count.GreaterThan(100).And.Member("IntegrationLayer.Sdk/ILlmClient.cs"));

    [Test]
    public void Files_are_short()
    {
        Dictionary<string, int> lengths = Files.ToDictionary(path => path, path => File.ReadLines(FullPath(path)).Count());

        Assert.That(lengths.Where(file => file.Value > LongestFile), Is.Empty);
        Assert.That(lengths.Values.Order().ElementAt(lengths.Count / 2), Is.LessThanOrEqualTo(LargestMedian));
    }

    [Test]
    public void File_declares_one_type_of_its_own_name()
    {
        IEnumerable<string> wrong = Files
            .Where(path => Path.GetFileName(path) != "Program.cs")
            .Select(path => (Path: path, Names: TypesIn(path)))
            .Where(file => file.Names.Count != 1 || ExpectedNames(file.Names[0]).All(name => name != Path.GetFileNameWithoutExtension(file.Path)))
            .Select(file => $"{file.Path}: {string.Join(", ", file.Names)}");

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Namespace_is_the_folder()
    {
        // Extension methods of the registration live where users look for them.
        IEnumerable<string> wrong = Files
            .Where(path => !path.Contains("/DependencyInjection/", StringComparison.Ordinal) && Path.GetFileName(path) != "Program.cs")
            .Where(path => Namespaces().Match(Text(path)).Groups[1].Value != Path.GetDirectoryName(path)!.Replace('/', '.'));

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Folders_are_one_deep() => Assert.That(Files.Where(path => path.Count(c => c == '/') > 2), Is.Empty);

    [Test]
    public void No_file_holds_a_region_a_to_do_or_a_disabled_test() =>
        Assert.That(Files.Where(path => Unwanted().IsMatch(Text(path))), Is.Empty);

    private static string FullPath(string path) => Path.Combine(CodeBase.SourceFolder, path);

    private static string Text(string path) => File.ReadAllText(FullPath(path));

    // Top-level types begin at the line's start; nested ones are indented.
    private static List<string> TypesIn(string path) => [.. Types().Matches(Text(path)).Select(match => match.Groups[1].Value).Distinct()];

    // LlmResponse<T> lives in LlmResponseOfT.cs.
    private static string[] ExpectedNames(string type) => type.EndsWith("<T>", StringComparison.Ordinal) ? [type[..^3], type[..^3] + "OfT"] : [type];

    [GeneratedRegex(@"^(?:public |internal |file )?(?:static |sealed |abstract |readonly |partial |ref )*(?:class|interface|enum|record struct|record|struct) (\w+(?:<T>)?)|^(?:public |internal )delegate \w+ (\w+)", RegexOptions.Multiline)]
    private static partial Regex Types();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespaces();

    [GeneratedRegex(@"^\s*#region|\bTODO\b|\bFIXME\b|\bHACK\b", RegexOptions.Multiline)]
    private static partial Regex Unwanted();
}
