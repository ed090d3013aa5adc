using System.Collections.Frozen;

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
    public static string[] Like(string wrong) =>
        [.. Known.OrderBy(known => Distance(wrong.ToLowerInvariant(), known)).ThenBy(known => known, StringComparer.Ordinal).Take(3)];

    // Levenshtein's distance; a name that contains the other is nearer than any misspelling.
    private static int Distance(string left, string right)
    {
        if (left.Length >= 3 && (right.Contains(left, StringComparison.Ordinal) || left.Contains(right, StringComparison.Ordinal)))
        {
            return 0;
        }

        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
