namespace IntegrationLayer.Sdk.Testing.Wire;

/// <summary>Which provider is answered in which dialect.</summary>
internal static class Dialects
{
    /// <summary>The dialect of a provider slug, with or without the <c>@</c> of the hosted gateway.</summary>
    public static Dialect Of(string provider, string model) => provider.TrimStart('@') switch
    {
        "anthropic" => Dialect.Anthropic,
        "vertex-ai" when model.Contains("claude", StringComparison.OrdinalIgnoreCase) => Dialect.Anthropic,
        "google" or "vertex-ai" => Dialect.Google,
        _ => Dialect.OpenAi,
    };

    /// <summary>True when answers carry a top-level <c>provider</c>: those of all but the providers that speak OpenAI's format natively.</summary>
    public static bool NamesProvider(string provider) => provider is not ("openai" or "azure-openai");
}
