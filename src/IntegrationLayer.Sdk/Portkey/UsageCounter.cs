using System.Text.Json;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Collects the token counts of an answer and brings every provider's way of counting to one.</summary>
/// <remarks>
/// Streams may report more than once, cumulatively: of each counter the largest value counts. A count that can't be true (negative,
/// a fraction, more than 10^12) makes the whole report worthless: it is then treated as missing, so that the caller estimates.
/// </remarks>
internal struct UsageCounter
{
    private const long Largest = 1_000_000_000_000;
    private long? _prompt;
    private long? _completion;
    private long? _total;
    private long _cached;
    private long _cacheReadApart;
    private long _cacheWrite;
    private long _cacheWriteOneHour;
    private long _reasoning;
    private long _audioInput;
    private long _audioOutput;
    private long _imageInput;
    private long _imageOutput;
    private long _searches;
    private bool _isBroken;

    /// <summary>Reads the value of a <c>usage</c> property.</summary>
    public void Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadField(ref reader);
        }
    }

    /// <summary>Gives the counts as Microsoft.Extensions.AI means them: the input includes cached tokens, the output includes reasoning.</summary>
    /// <param name="provider">The provider's slug; decides only when the report has no total to judge by.</param>
    public readonly UsageDetails? ToUsage(string provider)
    {
        if (_isBroken || (_prompt is null && _completion is null))
        {
            return null;
        }

        long cacheRead = Math.Max(_cached, _cacheReadApart);
        long input = _prompt ?? Math.Max(0, (_total ?? 0) - _completion!.Value);
        long output = _completion ?? Math.Max(0, (_total ?? 0) - _prompt!.Value);
        long cache = cacheRead + _cacheWrite;
        if (cache > 0 && ExcludesCache(provider, input, output, cache))
        {
            input += cache;
        }

        if (_reasoning > 0 && (_reasoning > output || (_completion is not null && _total == input + output + _reasoning)))
        {
            output += _reasoning;
        }

        UsageDetails usage = new() { InputTokenCount = input, OutputTokenCount = output, TotalTokenCount = input + output };
        usage.CachedInputTokenCount = cacheRead > 0 ? cacheRead : null;
        usage.ReasoningTokenCount = _reasoning > 0 ? _reasoning : null;
        Add(usage, UsageCounts.CacheWrite, _cacheWrite);
        Add(usage, UsageCounts.CacheWriteOneHour, Math.Min(_cacheWrite, _cacheWriteOneHour));
        Add(usage, UsageCounts.AudioInput, _audioInput);
        Add(usage, UsageCounts.AudioOutput, _audioOutput);
        Add(usage, UsageCounts.ImageInput, _imageInput);
        Add(usage, UsageCounts.ImageOutput, _imageOutput);
        Add(usage, UsageCounts.WebSearches, _searches);
        return usage;
    }

    // Anthropic's prompt_tokens leave cached tokens out, while its total has them; Bedrock's and OpenAI's have them in both.
    private readonly bool ExcludesCache(string provider, long input, long output, long cache)
    {
        if (cache > input)
        {
            return true;
        }

        return _total is { } total
            ? total == input + output + cache
            : (_cacheReadApart > 0 || _cacheWrite > 0) && provider is "anthropic" or "vertex-ai";
    }

    private static void Add(UsageDetails usage, string key, long count)
    {
        if (count > 0)
        {
            (usage.AdditionalCounts ??= [])[key] = count;
        }
    }

    private void ReadField(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("prompt_tokens"u8) || reader.ValueTextEquals("input_tokens"u8))
        {
            ReadCount(ref reader, ref _prompt);
        }
        else if (reader.ValueTextEquals("completion_tokens"u8) || reader.ValueTextEquals("output_tokens"u8))
        {
            ReadCount(ref reader, ref _completion);
        }
        else if (reader.ValueTextEquals("total_tokens"u8))
        {
            ReadCount(ref reader, ref _total);
        }
        else if (reader.ValueTextEquals("prompt_tokens_details"u8) || reader.ValueTextEquals("input_tokens_details"u8))
        {
            ReadDetails(ref reader, ref _audioInput, ref _imageInput);
        }
        else if (reader.ValueTextEquals("completion_tokens_details"u8) || reader.ValueTextEquals("output_tokens_details"u8))
        {
            ReadDetails(ref reader, ref _audioOutput, ref _imageOutput);
        }
        else if (reader.ValueTextEquals("cache_read_input_tokens"u8))
        {
            ReadCount(ref reader, ref _cacheReadApart);
        }
        else if (reader.ValueTextEquals("cache_creation_input_tokens"u8))
        {
            ReadCount(ref reader, ref _cacheWrite);
        }
        else if (reader.ValueTextEquals("prompt_cache_hit_tokens"u8))
        {
            ReadCount(ref reader, ref _cached);
        }
        else if (reader.ValueTextEquals("num_search_queries"u8))
        {
            ReadCount(ref reader, ref _searches);
        }
        else if (reader.ValueTextEquals("cache_creation"u8) || reader.ValueTextEquals("server_tool_use"u8))
        {
            long unused = 0;
            ReadDetails(ref reader, ref unused, ref unused);
        }
        else
        {
            reader.Read();
            reader.Skip();
        }
    }

    private void ReadDetails(ref Utf8JsonReader reader, ref long audio, ref long image)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("cached_tokens"u8))
            {
                ReadCount(ref reader, ref _cached);
            }
            else if (reader.ValueTextEquals("reasoning_tokens"u8))
            {
                ReadCount(ref reader, ref _reasoning);
            }
            else if (reader.ValueTextEquals("audio_tokens"u8))
            {
                ReadCount(ref reader, ref audio);
            }
            else if (reader.ValueTextEquals("image_tokens"u8))
            {
                ReadCount(ref reader, ref image);
            }
            else if (reader.ValueTextEquals("ephemeral_1h_input_tokens"u8))
            {
                ReadCount(ref reader, ref _cacheWriteOneHour);
            }
            else if (reader.ValueTextEquals("web_search_requests"u8))
            {
                ReadCount(ref reader, ref _searches);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
    }

    private void ReadCount(ref Utf8JsonReader reader, ref long largest)
    {
        long? count = largest;
        ReadCount(ref reader, ref count);
        largest = count ?? 0;
    }

    private void ReadCount(ref Utf8JsonReader reader, ref long? largest)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        if (reader.TokenType != JsonTokenType.Number || !TryGetWhole(ref reader, out long count) || count is < 0 or > Largest)
        {
            _isBroken = true;
            reader.Skip();
            return;
        }

        largest = Math.Max(largest ?? 0, count);
    }

    private static bool TryGetWhole(ref Utf8JsonReader reader, out long count)
    {
        if (reader.TryGetInt64(out count))
        {
            return true;
        }

        // 12.0 and 1.2e1 are whole numbers too.
        if (reader.TryGetDouble(out double value) && value is >= 0 and <= Largest && Math.Floor(value) == value)
        {
            count = (long)value;
            return true;
        }

        return false;
    }
}
