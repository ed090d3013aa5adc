using System.Globalization;
using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk;

/// <summary>Refuses requests whose numbers make no sense, before anything is reckoned with them: a negative cap would turn the order of costs around.</summary>
internal static class RequestRules
{
    /// <summary>Checks a request.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message names it and the range.</exception>
    public static void Check(LlmRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Options is { } options)
        {
            Check(options);
        }

        if (!ReferenceEquals(request.Requirements, ModelRequirements.Any))
        {
            Check(request.Requirements);
        }

        if (!ReferenceEquals(request.Caching, CacheDirective.Default))
        {
            Check(request.Caching);
        }

        if (request.Context.Timeout is { } timeout && timeout <= TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan)
        {
            throw Refuse(nameof(LlmRequestContext.Timeout), timeout, "over zero, or Timeout.InfiniteTimeSpan");
        }
    }

    private static void Check(ChatOptions options)
    {
        if (options.MaxOutputTokens < 1)
        {
            throw Refuse(nameof(ChatOptions.MaxOutputTokens), options.MaxOutputTokens, "1 or more");
        }

        CheckFinite(nameof(ChatOptions.Temperature), options.Temperature);
        CheckFinite(nameof(ChatOptions.TopP), options.TopP);
        CheckFinite(nameof(ChatOptions.FrequencyPenalty), options.FrequencyPenalty);
        CheckFinite(nameof(ChatOptions.PresencePenalty), options.PresencePenalty);
    }

    private static void Check(ModelRequirements requirements)
    {
        CheckNotNegative(nameof(ModelRequirements.MaxInputPrice), requirements.MaxInputPrice);
        CheckNotNegative(nameof(ModelRequirements.MaxOutputPrice), requirements.MaxOutputPrice);
        CheckNotNegative(nameof(ModelRequirements.MaxCost), requirements.MaxCost);
        CheckNotNegative(nameof(ModelRequirements.MinContextTokens), requirements.MinContextTokens);
        if (!(requirements.MinQuality is >= 0 and <= 1))
        {
            throw Refuse(nameof(ModelRequirements.MinQuality), requirements.MinQuality, "from 0 to 1");
        }

        if (requirements.MaxLatency is { } latency && latency <= TimeSpan.Zero)
        {
            throw Refuse(nameof(ModelRequirements.MaxLatency), latency, "over zero");
        }
    }

    private static void Check(CacheDirective directive)
    {
        if (directive.TimeToLive is { } time && (time <= TimeSpan.Zero || time > CacheLimits.LongestTime))
        {
            throw Refuse("Caching.TimeToLive", time, $"over zero, and at most {CacheLimits.LongestTime}");
        }

        if (directive.Tags.Count > CacheLimits.MostTags || directive.Tags.Any(static tag => tag is not { Length: > 0 and <= CacheLimits.LongestTag }))
        {
            throw Refuse("Caching.Tags", $"'{string.Join("', '", directive.Tags)}'", $"at most {CacheLimits.MostTags} names of 1 to {CacheLimits.LongestTag} characters");
        }
    }

    private static void CheckFinite(string name, float? value)
    {
        if (value is { } number && !float.IsFinite(number))
        {
            throw Refuse(name, number, "a finite number");
        }
    }

    private static void CheckNotNegative(string name, decimal? value)
    {
        if (value < 0)
        {
            throw Refuse(name, value, "zero or more");
        }
    }

    private static ArgumentException Refuse(string name, object? value, string range) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; it must be {range}."));
}
