namespace IntegrationLayer.Sdk.Telemetry;

/// <summary>Reports tokens as the newest conventions have it: counters by modality, for failed calls too, and sizes without it.</summary>
internal static class LatestUsage
{
    /// <summary>Reports the tokens of a call.</summary>
    public static void Report(Instruments to, ModelTags tags, in TokenUsage tokens)
    {
        // Nobody counted: nothing, of an unknown kind.
        string modality = tokens.TotalInput + tokens.TotalOutput == 0 ? "unknown" : "text";
        KeyValuePair<string, object?>[] text = tags.Marked(Attributes.Modality, modality);
        to.LatestInput?.Add(tokens.TotalInput - tokens.AudioInput - tokens.ImageInput, text);
        to.LatestOutput?.Add(tokens.TotalOutput - tokens.AudioOutput - tokens.ImageOutput, text);
        to.LatestCacheRead?.Add(tokens.CacheRead, text);
        to.LatestCacheWrite?.Add(tokens.CacheWrite + tokens.CacheWriteOneHour, text);
        to.LatestReasoning?.Add(tokens.Reasoning, text);
        Add(to, tags, "audio", tokens.AudioInput, tokens.AudioOutput);
        Add(to, tags, "image", tokens.ImageInput, tokens.ImageOutput);
        to.LatestInputSize?.Record(tokens.TotalInput, tags.Called);
        to.LatestOutputSize?.Record(tokens.TotalOutput, tags.Called);
    }

    private static void Add(Instruments to, ModelTags tags, string modality, long input, long output)
    {
        if (input + output > 0)
        {
            to.LatestInput?.Add(input, tags.Marked(Attributes.Modality, modality));
            to.LatestOutput?.Add(output, tags.Marked(Attributes.Modality, modality));
        }
    }
}
