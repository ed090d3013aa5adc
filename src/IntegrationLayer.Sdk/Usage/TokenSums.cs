namespace IntegrationLayer.Sdk.Usage;

/// <summary>Adds token counts up by class.</summary>
internal static class TokenSums
{
    public static TokenUsage Add(in TokenUsage left, in TokenUsage right) => new()
    {
        Input = left.Input + right.Input,
        CacheRead = left.CacheRead + right.CacheRead,
        CacheWrite = left.CacheWrite + right.CacheWrite,
        CacheWriteOneHour = left.CacheWriteOneHour + right.CacheWriteOneHour,
        Output = left.Output + right.Output,
        Reasoning = left.Reasoning + right.Reasoning,
        AudioInput = left.AudioInput + right.AudioInput,
        AudioOutput = left.AudioOutput + right.AudioOutput,
        ImageInput = left.ImageInput + right.ImageInput,
        ImageOutput = left.ImageOutput + right.ImageOutput,
        WebSearches = left.WebSearches + right.WebSearches,
    };
}
