using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Costing;

/// <summary>Turns the counts of Microsoft.Extensions.AI, which overlap, into disjoint ones.</summary>
/// <remarks>
/// There, input includes cached tokens, cache writes, audio and images, and output includes reasoning, audio and images. Some
/// providers count otherwise and give themselves away by their total: Anthropic's input leaves out cache reads and writes, Google's
/// output leaves out thoughts. If the total exceeds input plus output by exactly those tokens, they are taken as additional.
/// </remarks>
internal static class UsageNormalizer
{
    /// <summary>Makes the counts disjoint.</summary>
    /// <param name="usage">What the provider reported.</param>
    /// <returns>
    /// The counts; <see langword="null"/> when the provider reported neither input nor output nor a total. A negative count, or a part
    /// larger than its whole, is cut to size and the result marked as estimated; so is a missing input or output without a total.
    /// </returns>
    public static NormalizedUsage? Normalize(UsageDetails? usage)
    {
        if (usage is null || (usage.InputTokenCount is null && usage.OutputTokenCount is null && usage.TotalTokenCount is null))
        {
            return null;
        }

        bool corrected = false;
        long read = Count(usage.CachedInputTokenCount, ref corrected);
        long writes = Count(Additional(usage, UsageCounts.CacheWrite), ref corrected);
        long reasoning = Count(usage.ReasoningTokenCount, ref corrected);
        (long input, long output) = Wholes(usage, read + writes, reasoning, ref corrected);

        long inputLeft = input;
        read = Take(read, ref inputLeft, ref corrected);
        writes = Take(writes, ref inputLeft, ref corrected);
        long audioIn = Take(Count(Additional(usage, UsageCounts.AudioInput), ref corrected), ref inputLeft, ref corrected);
        long imageIn = Take(Count(Additional(usage, UsageCounts.ImageInput), ref corrected), ref inputLeft, ref corrected);
        long shortWrites = writes;
        long hourWrites = Take(Count(Additional(usage, UsageCounts.CacheWriteOneHour), ref corrected), ref shortWrites, ref corrected);

        long outputLeft = output;
        reasoning = Take(reasoning, ref outputLeft, ref corrected);
        long audioOut = Take(Count(Additional(usage, UsageCounts.AudioOutput), ref corrected), ref outputLeft, ref corrected);
        long imageOut = Take(Count(Additional(usage, UsageCounts.ImageOutput), ref corrected), ref outputLeft, ref corrected);

        TokenUsage tokens = new()
        {
            Input = inputLeft,
            CacheRead = read,
            CacheWrite = shortWrites,
            CacheWriteOneHour = hourWrites,
            AudioInput = audioIn,
            ImageInput = imageIn,
            Output = outputLeft,
            Reasoning = reasoning,
            AudioOutput = audioOut,
            ImageOutput = imageOut,
            WebSearches = Count(Additional(usage, UsageCounts.WebSearches), ref corrected),
        };
        return new NormalizedUsage(tokens, corrected ? PriceStatus.Estimated : PriceStatus.Exact);
    }

    private static (long Input, long Output) Wholes(UsageDetails usage, long cached, long reasoning, ref bool corrected)
    {
        long total = Count(usage.TotalTokenCount, ref corrected);
        long input = Count(usage.InputTokenCount, ref corrected);
        long output = Count(usage.OutputTokenCount, ref corrected);
        if (usage.InputTokenCount is null)
        {
            input = Math.Max(0, total - output);
            corrected = true;
        }
        else if (usage.OutputTokenCount is null)
        {
            // Embeddings report their input and a total, and nothing else.
            output = Math.Max(0, total - input);
            corrected |= usage.TotalTokenCount is null;
        }
        else if (usage.TotalTokenCount is not null)
        {
            long beyond = total - input - output;
            if (beyond > 0 && (beyond == cached || beyond == cached + reasoning))
            {
                input += cached;
                beyond -= cached;
            }

            output += beyond > 0 && beyond == reasoning ? reasoning : 0;
        }

        return (input, output);
    }

    private static long? Additional(UsageDetails usage, string key) =>
        usage.AdditionalCounts is { } counts && counts.TryGetValue(key, out long count) ? count : null;

    private static long Count(long? reported, ref bool corrected)
    {
        if (reported is not < 0)
        {
            return reported ?? 0;
        }

        corrected = true;
        return 0;
    }

    private static long Take(long part, ref long left, ref bool corrected)
    {
        if (part > left)
        {
            corrected = true;
            part = left;
        }

        left -= part;
        return part;
    }
}
