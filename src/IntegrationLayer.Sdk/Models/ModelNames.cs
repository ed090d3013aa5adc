using System.Text.RegularExpressions;

namespace IntegrationLayer.Sdk.Models;

/// <summary>The rules by which a model's name is undecorated. docs/catalogue.md lists them for users.</summary>
internal static partial class ModelNames
{
    /// <summary>Appends the names that mean the same model, each the result of one more rule, the closest to the original first.</summary>
    /// <param name="provider">The provider's slug.</param>
    /// <param name="names">The original name.</param>
    public static void AddUndecorated(string provider, List<string> names)
    {
        Add(names, name => StripOwnPrefix(provider, name));
        switch (provider.ToUpperInvariant())
        {
            case "GOOGLE":
            case "VERTEX-AI":
                Add(names, name => GooglePath().Replace(name, ""));
                Add(names, name => VertexVersion().Replace(name, ""));
                Add(names, name => name.Contains('@', StringComparison.Ordinal) ? name : name + "@default");
                Add(names, name => GoogleStable().Replace(name, ""));
                Add(names, name => PortkeyContext().Replace(name, ""));
                break;
            case "BEDROCK":
                Add(names, name => BedrockArn().Replace(name, ""));
                Add(names, name => BedrockContext().Replace(name, ""));
                Add(names, name => BedrockGeography().Replace(name, ""));
                Add(names, name => "regional." + name);
                break;
            case "FIREWORKS-AI":
                Add(names, name => FireworksPath().Replace(name, ""));
                break;
            case "HUGGINGFACE":
                Add(names, name => HuggingFacePolicy().Replace(name, ""));
                break;
            case "OLLAMA":
                Add(names, name => OllamaCloud().Replace(name, ""));
                break;
            case "AZURE-OPENAI":
                Add(names, name => AzureTurbo().Replace(name, "gpt-3.5"));
                break;
            case "COHERE":
                Add(names, name => CohereDate().Replace(name, ""));
                break;
            default:
                break;
        }

        Add(names, name => LongContextMark().Replace(name, ""));
        Add(names, name => Date().Replace(name, ""));
        Add(names, name => Latest().Replace(name, ""));
        Add(names, name => name + "-latest");
        if (string.Equals(provider, "bedrock", StringComparison.OrdinalIgnoreCase))
        {
            Add(names, name => BedrockVersion().Replace(name, ""));
        }
    }

    /// <summary>Says whether a name is another one with a date, and a Bedrock or Vertex version, behind it.</summary>
    public static bool IsSnapshotOf(string candidate, string name) =>
        candidate.Length > name.Length
        && candidate.StartsWith(name, StringComparison.OrdinalIgnoreCase)
        && SnapshotTail().IsMatch(candidate.AsSpan(name.Length));

    /// <summary>Says whether a name ends in a date.</summary>
    public static bool HasDate(string name) => Date().IsMatch(name) || VertexDate().IsMatch(name) || CohereDate().IsMatch(name);

    private static void Add(List<string> names, Func<string, string> rule)
    {
        int count = names.Count;
        for (int i = 0; i < count; i++)
        {
            string name = rule(names[i]);
            if (name.Length > 0 && !names.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                names.Add(name);
            }
        }
    }

    private static string StripOwnPrefix(string provider, string name)
    {
        int slash = name.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && string.Equals(ProviderNames.Canonical(name[..slash]), provider, StringComparison.OrdinalIgnoreCase)
            ? name[(slash + 1)..]
            : name;
    }

    [GeneratedRegex("^(?:projects/[^/]+/locations/[^/]+/)?(?:publishers/[^/]+/)?models/", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex GooglePath();

    [GeneratedRegex("@(?:[0-9]{8}|[0-9]{3}|default|latest)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex VertexVersion();

    [GeneratedRegex("@[0-9]{8}$", RegexOptions.CultureInvariant)]
    private static partial Regex VertexDate();

    [GeneratedRegex("(?<=^gemini-.*)-[0-9]{3}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex GoogleStable();

    [GeneratedRegex("-(?:lte|gt)-[0-9]+k$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PortkeyContext();

    [GeneratedRegex("^arn:aws[a-z-]*:bedrock:[^/]*:(?:foundation-model|inference-profile)/", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex BedrockArn();

    [GeneratedRegex("(?<=:[0-9]+):[0-9]+k$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex BedrockContext();

    [GeneratedRegex(@"^(?:us-gov|us|eu|apac|ap|jp|au|ca|in|sa|global)\.", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex BedrockGeography();

    [GeneratedRegex("(?:-v[0-9]+(?::[0-9]+)?|:[0-9]+)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex BedrockVersion();

    [GeneratedRegex("^accounts/fireworks/(?:models|routers)/", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex FireworksPath();

    [GeneratedRegex("-[01][0-9]-20[0-9]{2}$", RegexOptions.CultureInvariant)]
    private static partial Regex CohereDate();

    [GeneratedRegex(":(?:fastest|cheapest|preferred)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex HuggingFacePolicy();

    [GeneratedRegex("[-:]cloud$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OllamaCloud();

    [GeneratedRegex("^gpt-35(?=-|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AzureTurbo();

    [GeneratedRegex(@"\[1m\]$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex LongContextMark();

    [GeneratedRegex("-(?:20[0-9]{2}-[01][0-9]-[0-3][0-9]|20[0-9]{2}[01][0-9][0-3][0-9])(?=$|-v[0-9]+(?::[0-9]+)?$)", RegexOptions.CultureInvariant)]
    private static partial Regex Date();

    [GeneratedRegex("-latest$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Latest();

    [GeneratedRegex("^[-@](?:20[0-9]{2}-[01][0-9]-[0-3][0-9]|20[0-9]{2}[01][0-9][0-3][0-9])(?:-v[0-9]+(?::[0-9]+)?)?$", RegexOptions.CultureInvariant)]
    private static partial Regex SnapshotTail();
}
