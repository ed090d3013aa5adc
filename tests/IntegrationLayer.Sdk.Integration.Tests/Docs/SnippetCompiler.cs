using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IntegrationLayer.Sdk.Integration.Tests.Docs;

/// <summary>Compiles snippets as a reader would: as the statements or types of a program with the usual usings.</summary>
internal static class SnippetCompiler
{
    // The implicit usings of a web application, the namespaces of the SDK that an application touches, and the variables of SnippetContext.
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.Extensions.AI;
        global using Microsoft.Extensions.Configuration;
        global using Microsoft.Extensions.DependencyInjection;
        global using IntegrationLayer.Sdk;
        global using IntegrationLayer.Sdk.Budgets;
        global using IntegrationLayer.Sdk.Caching;
        global using IntegrationLayer.Sdk.Models;
        global using IntegrationLayer.Sdk.Routing;
        global using IntegrationLayer.Sdk.Testing;
        global using IntegrationLayer.Sdk.Usage;
        global using static IntegrationLayer.Sdk.Integration.Tests.Docs.SnippetContext;
        """;

    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest);
    private static readonly SyntaxTree UsingsTree = CSharpSyntaxTree.ParseText(Usings, ParseOptions);

    // Everything that the test host was started with: the shared frameworks, the SDK and the test's own packages.
    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>Compiles a snippet.</summary>
    /// <returns>Its errors, each with the file and line of the page.</returns>
    public static IEnumerable<Diagnostic> Compile(Snippet snippet)
    {
        SyntaxTree tree = CSharpSyntaxTree.ParseText($"#line {snippet.Line} \"{snippet.File}\"\n{snippet.Code}", ParseOptions);
        bool isProgram = tree.GetCompilationUnitRoot().Members.Any(member => member is GlobalStatementSyntax);
        var compilation = CSharpCompilation.Create(
            "Snippet",
            [UsingsTree, tree],
            References,
            new CSharpCompilationOptions(
                isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        return compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity is DiagnosticSeverity.Error);
    }
}
