using Microsoft.CodeAnalysis;

namespace IntegrationLayer.Sdk.Integration.Tests.Docs;

/// <summary>Compiles every block of C# in the README and the documentation, so that none of them outlives the code.</summary>
public sealed class SnippetTests
{
    [TestCaseSource(typeof(Snippet), nameof(Snippet.All))]
    public void Snippet_compiles(Snippet snippet)
    {
        IEnumerable<Diagnostic> errors = SnippetCompiler.Compile(snippet);

        Assert.That(errors.Select(error => error.ToString()), Is.Empty);
    }

    [Test]
    public void Compiler_names_file_and_line_of_a_mistake()
    {
        Snippet snippet = Snippet.Read("docs/page.md", "# Title\n\n```csharp\nILlmClient client = null!;\nclient.Nonsense();\n```\n").Single();

        Diagnostic error = SnippetCompiler.Compile(snippet).Single();

        Assert.That(error.ToString(), Does.StartWith("docs/page.md(5,8): error CS1061"));
    }

    [Test]
    public void Reader_takes_blocks_of_csharp_only()
    {
        const string Page = "```bash\nls\n```\n\n  ```csharp\n  int a = 1;\n  ```\n\n```json\n{}\n```\n\n```csharp\nint b = 2;\n\nint c = 3;\n```\n";

        Snippet[] snippets = [.. Snippet.Read("page.md", Page)];

        Assert.That(snippets.Select(s => (s.Line, s.Code)), Is.EqualTo([(6, "  int a = 1;\n"), (14, "int b = 2;\n\nint c = 3;\n")]));
    }
}
