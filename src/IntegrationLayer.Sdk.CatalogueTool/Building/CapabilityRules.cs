using System.Text.RegularExpressions;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.CatalogueTool.Building;

/// <summary>Capabilities that the sources don't list, from the vendors' documentation, by family of models.</summary>
/// <remarks>
/// JSON and JSON schema: OpenAI "Structured model outputs", Anthropic "Structured outputs", Google "Structured output", Mistral "Structured
/// outputs", xAI "Structured outputs", and the hosts' pages on response_format. PDF, audio and video input: Anthropic "PDF support",
/// OpenAI "File inputs", Google "Document / Audio / Video understanding".
/// </remarks>
internal static partial class CapabilityRules
{
    private const ModelCapabilities AnyJson = ModelCapabilities.Json | ModelCapabilities.JsonSchema;

    /// <summary>Gets what a chat model can do beyond what the sources say.</summary>
    public static ModelCapabilities Of(string provider, string model)
    {
        string name = ModelKeys.Of(model);
        ModelCapabilities capabilities = OfHost(provider, name);
        if (OpenAiStructured().IsMatch(name) && name != "gpt-4o-2024-05-13")
        {
            capabilities |= AnyJson;
        }
        else if (OpenAiJson().IsMatch(name))
        {
            capabilities |= ModelCapabilities.Json;
        }

        if (OpenAiFiles().IsMatch(name))
        {
            capabilities |= ModelCapabilities.Vision | ModelCapabilities.Pdf;
        }

        if (ClaudeVision().IsMatch(name))
        {
            capabilities |= ModelCapabilities.Vision | ModelCapabilities.Pdf | (ClaudeStructured().IsMatch(name) ? AnyJson : ModelCapabilities.None);
        }

        if (Gemini().IsMatch(name))
        {
            capabilities |= AnyJson | ModelCapabilities.Vision | ModelCapabilities.Pdf | ModelCapabilities.AudioInput | ModelCapabilities.VideoInput;
        }

        if (AudioIn().IsMatch(name))
        {
            capabilities |= ModelCapabilities.AudioInput;
        }

        return capabilities;
    }

    private static ModelCapabilities OfHost(string provider, string name) => provider switch
    {
        "mistral-ai" or "fireworks-ai" or "cerebras" or "ollama" or "ovhcloud" => AnyJson,
        "x-ai" => name.StartsWith("grok-", StringComparison.Ordinal) ? AnyJson : ModelCapabilities.None,
        "groq" => GroqStructured().IsMatch(name) ? AnyJson : ModelCapabilities.Json,
        "perplexity-ai" or "cohere" => AnyJson,
        "deepseek" or "moonshot" or "z-ai" or "zhipu" or "deepinfra" or "together-ai" => ModelCapabilities.Json,
        _ => ModelCapabilities.None,
    };

    [GeneratedRegex("^(?:gpt-4o|gpt-4-1|gpt-4-5|gpt-[5-9]|chatgpt-4o|o1(?!-mini|-preview)|o3|o4|gpt-oss|codex-mini)", RegexOptions.CultureInvariant)]
    private static partial Regex OpenAiStructured();

    [GeneratedRegex("^(?:gpt-4o-2024-05-13|gpt-4-turbo|gpt-4-1106|gpt-4-0125|gpt-3-5-turbo(?!-(?:0301|0613|16k|instruct)))", RegexOptions.CultureInvariant)]
    private static partial Regex OpenAiJson();

    [GeneratedRegex("^(?:gpt-4o(?!-(?:audio|mini-audio|search|mini-search|realtime|mini-realtime))|gpt-4-1|gpt-[5-9](?!.*-spark)|o1(?!-mini|-preview)|o3(?!-mini)|o4)", RegexOptions.CultureInvariant)]
    private static partial Regex OpenAiFiles();

    [GeneratedRegex("^claude-(?!2|v1|v2|instant)", RegexOptions.CultureInvariant)]
    private static partial Regex ClaudeVision();

    [GeneratedRegex("^claude-(?:opus-4-[1-9]|(?:sonnet|haiku)-4-[5-9]|(?:opus|sonnet|haiku|fable)-[5-9])", RegexOptions.CultureInvariant)]
    private static partial Regex ClaudeStructured();

    [GeneratedRegex("^gemini-(?:1-5|2-|3|4|flash|pro-1-5|pro-latest)", RegexOptions.CultureInvariant)]
    private static partial Regex Gemini();

    [GeneratedRegex("audio|^voxtral|omni", RegexOptions.CultureInvariant)]
    private static partial Regex AudioIn();

    [GeneratedRegex("gpt-oss|kimi-k2|llama-4", RegexOptions.CultureInvariant)]
    private static partial Regex GroqStructured();
}
