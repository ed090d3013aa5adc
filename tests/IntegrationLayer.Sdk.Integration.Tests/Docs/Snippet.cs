using System.Text;

namespace IntegrationLayer.Sdk.Integration.Tests.Docs;

/// <summary>A block of C# in a Markdown file.</summary>
/// <param name="File">The file, relative to the repository.</param>
/// <param name="Line">The number of the block's first line of code.</param>
/// <param name="Code">The code.</param>
public sealed record Snippet(string File, int Line, string Code)
{
    /// <summary>Finds the blocks of README.md and of every page under docs.</summary>
    public static IEnumerable<Snippet> All() => Page.All().SelectMany(page => Read(page.File, page.Text));

    /// <summary>Finds the blocks of a page.</summary>
    public static IEnumerable<Snippet> Read(string file, string page)
    {
        StringBuilder? block = null;
        int first = 0, number = 0;
        foreach (string line in page.Split('\n'))
        {
            number++;
            if (block is null)
            {
                if (line.Trim() == "```csharp")
                {
                    (block, first) = (new StringBuilder(), number + 1);
                }
            }
            else if (line.Trim() == "```")
            {
                yield return new Snippet(file, first, block.ToString());
                block = null;
            }
            else
            {
                block.Append(line).Append('\n');
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}";
}
