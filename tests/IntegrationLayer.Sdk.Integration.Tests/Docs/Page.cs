using System.Text.RegularExpressions;
using IntegrationLayer.Sdk.TestSupport.Processes;

namespace IntegrationLayer.Sdk.Integration.Tests.Docs;

/// <summary>The README or a page under docs.</summary>
/// <param name="File">The file, relative to the repository, with slashes.</param>
/// <param name="Text">Its text.</param>
public sealed partial record Page(string File, string Text)
{
    /// <summary>Reads all of them.</summary>
    public static IEnumerable<Page> All()
    {
        string root = RepositoryRoot.Find();
        return Directory.EnumerateFiles(Path.Combine(root, "docs"), "*.md", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Prepend(Path.Combine(root, "README.md"))
            .Select(path => new Page(Path.GetRelativePath(root, path).Replace('\\', '/'), System.IO.File.ReadAllText(path).ReplaceLineEndings("\n")));
    }

    /// <summary>The anchors of its headings, as GitHub makes them.</summary>
    public IEnumerable<string> Anchors() => Heading().Matches(Text)
        .Select(match => NotInAnchor().Replace(match.Groups["title"].Value.Trim(), "").Replace(' ', '-').ToUpperInvariant());

    /// <summary>The targets of its links that lie in the repository.</summary>
    public IEnumerable<string> Links() => Link().Matches(Text)
        .Select(match => match.Groups["target"].Value)
        .Where(target => !target.Contains("://", StringComparison.Ordinal));

    /// <inheritdoc/>
    public override string ToString() => File;

    [GeneratedRegex("^#+ (?<title>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();
}
