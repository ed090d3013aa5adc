using System.Text.RegularExpressions;

namespace IntegrationLayer.Sdk.CatalogueTool.Sources;

/// <summary>Brings the names of one model at different providers together, to compare their prices. Never used to look a price up.</summary>
internal static partial class ModelKeys
{
    /// <summary>Gets the model's name without vendor, region, version and punctuation. Variants behind a colon stay apart.</summary>
    public static string Of(string model)
    {
        string name = model[(model.LastIndexOf('/') + 1)..].ToLowerInvariant();
        name = Geography().Replace(name, "");
        name = Vendor().Replace(name, "");
        name = Version().Replace(name, "");
        return Punctuation().Replace(name, "-");
    }

    [GeneratedRegex(@"^(?:regional|global|us-gov|us|eu|apac|ap|jp|au|ca|in|sa)\.", RegexOptions.CultureInvariant)]
    private static partial Regex Geography();

    [GeneratedRegex(@"^(?:amazon|anthropic|cohere|deepseek|google|meta|minimax|mistral|moonshot|moonshotai|nvidia|openai|qwen|writer|xai|zai)\.", RegexOptions.CultureInvariant)]
    private static partial Regex Vendor();

    [GeneratedRegex("(?:-v[0-9]+:[0-9]+|@default|(?<=-20[0-9]{6})-v[0-9]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Version();

    [GeneratedRegex("[._@]", RegexOptions.CultureInvariant)]
    private static partial Regex Punctuation();
}
