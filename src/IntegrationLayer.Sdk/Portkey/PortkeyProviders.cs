using System.Collections.Frozen;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>The providers that the open-source gateway accepts (version 1.15.2; <c>portkey</c> and <c>cortex</c>, which it accepts but can't call, are left out).</summary>
internal static class PortkeyProviders
{
    public static readonly FrozenSet<string> Known = (
        "302ai ai21 aibadgr anthropic anyscale azure-ai azure-openai bedrock bytez cerebras cohere cometapi dashscope deepbricks deepinfra deepseek "
        + "featherless-ai fireworks-ai github google groq huggingface hyperbolic inference-net iointelligence jina kluster-ai krutrim lambda lemonfox-ai lepton "
        + "lingyi matterai meshy milvus mistral-ai modal monsterapi moonshot ncompass nebius nextbit nomic novita-ai nscale ollama openai openrouter oracle "
        + "ovhcloud palm perplexity-ai predibase qdrant recraft-ai reka-ai replicate sagemaker sambanova segmind siliconflow stability-ai together-ai tripo3d "
        + "triton upstage vertex-ai voyage workers-ai x-ai z-ai zhipu").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Gets the three known names most like a wrong one.</summary>
    public static string[] Like(string wrong) => [.. NearNames.Order(wrong, Known).Take(3)];
}
