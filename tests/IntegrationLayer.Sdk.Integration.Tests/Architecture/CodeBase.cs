using System.Reflection;
using IntegrationLayer.Sdk.TestSupport.Processes;

namespace IntegrationLayer.Sdk.Integration.Tests.Architecture;

/// <summary>The SDK's compiled assembly and its source files.</summary>
internal static class CodeBase
{
    public const string Root = "IntegrationLayer.Sdk";

    public static Assembly Sdk => typeof(ILlmClient).Assembly;

    public static Assembly Testing => typeof(IntegrationLayer.Sdk.Testing.FakePortkey).Assembly;

    public static Assembly Analytics => Assembly.Load("IntegrationLayer.Sdk.Analytics");

    /// <summary>The types that people wrote: not those that the compiler or a generator made.</summary>
    public static IReadOnlyList<Type> Types { get; } = [.. Written(Sdk)];

    public static IReadOnlyList<Type> PublicTypes { get; } = [.. Sdk.GetExportedTypes()];

    /// <summary>The source files of both libraries, relative to <c>src</c>.</summary>
    public static IReadOnlyList<string> SourceFiles { get; } = [.. Sources()];

    public static string SourceFolder { get; } = Path.Combine(RepositoryRoot.Find(), "src");

    public static IEnumerable<Type> Written(Assembly assembly) => assembly.GetTypes().Where(type =>
        Outermost(type).Namespace?.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) != true
        && !type.Name.Contains('<', StringComparison.Ordinal)
        && !IsGenerated(type));

    public static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    /// <summary>The folder that a type of the SDK lives in: its namespace below the root, empty for the root itself.</summary>
    public static string? FolderOf(string? typeNamespace) =>
        typeNamespace == Root ? ""
        : typeNamespace?.StartsWith(Root + '.', StringComparison.Ordinal) == true ? typeNamespace[(Root.Length + 1)..]
        : null;

    /// <summary>
    /// Which folder's code uses which other folder's types: in signatures, fields and method bodies, nested and compiler-made types
    /// included, read from the assembly's metadata.
    /// </summary>
    public static IReadOnlyCollection<Dependency> Dependencies { get; } = new DependencyReader(Sdk.Location).Read();

    private static bool IsGenerated(Type type) =>
        type.GetCustomAttributesData().Any(a => a.AttributeType.Name is "GeneratedCodeAttribute" or "CompilerGeneratedAttribute")
        || (type.DeclaringType is { } outer && IsGenerated(outer));

    private static IEnumerable<string> Sources()
    {
        string folder = Path.Combine(RepositoryRoot.Find(), "src");
        return Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path))
            .Where(path => !path.Split('/').Any(part => part is "obj" or "bin" or "artifacts"))
            .Order(StringComparer.Ordinal);
    }
}
