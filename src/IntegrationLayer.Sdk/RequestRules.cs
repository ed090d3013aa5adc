using System.Buffers;
using System.Globalization;
using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk;

/// <summary>Refuses requests that make no sense, before anything is reckoned with them: a negative cap would turn the order of costs around, and a prompt that is empty would cost a round trip to be refused.</summary>
internal static class RequestRules
{
    // Of what the known providers take, the longest and the most.
    private const int LongestToolName = 128;

    private static readonly SearchValues<char> ToolNameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.:");

    /// <summary>Checks a request.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message names it and the range.</exception>
    public static void Check(LlmRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        CheckNotNull(nameof(LlmRequest.Context), request.Context);
        CheckNotNull(nameof(LlmRequest.Requirements), request.Requirements);
        CheckNotNull(nameof(LlmRequest.Caching), request.Caching);
        if (!ReferenceEquals(request.Context, LlmRequestContext.Default))
        {
            Check(request.Context);
        }

        if (request.Options is { } options)
        {
            Check(options);
        }

        CheckMessages(request.Messages);
        if (request.Kind is ModelKind.Chat && string.IsNullOrEmpty(request.Options?.Instructions) && IsEmpty(request.Messages))
        {
            throw new ArgumentException("The request says nothing: all of its messages are empty. Give at least one a text or another content.");
        }

        if (!ReferenceEquals(request.Requirements, ModelRequirements.Any))
        {
            Check(request.Requirements);
        }

        if (!ReferenceEquals(request.Caching, CacheDirective.Default))
        {
            Check(request.Caching);
        }

    }

    private static void Check(LlmRequestContext context)
    {
        CheckNotNull("Context.Tags", context.Tags);
        CheckWellFormed(nameof(LlmRequestContext.TenantId), context.TenantId);
        CheckWellFormed(nameof(LlmRequestContext.TeamId), context.TeamId);
        CheckWellFormed(nameof(LlmRequestContext.UserId), context.UserId);
        CheckWellFormed(nameof(LlmRequestContext.KeyId), context.KeyId);
        if (context.Timeout is { } timeout && timeout <= TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan)
        {
            throw Refuse(nameof(LlmRequestContext.Timeout), timeout, "over zero, or Timeout.InfiniteTimeSpan");
        }
    }

    private static void CheckNotNull(string name, object? value)
    {
        if (value is null)
        {
            throw new ArgumentException($"{name} is null. Leave it as it is made, or give it a value.");
        }
    }

    private static bool IsWellFormed(string value)
    {
        for (int i = 0; i < value.Length; i++)
        {
            if (char.IsSurrogate(value[i]) && !(i + 1 < value.Length && char.IsSurrogatePair(value[i], value[++i])))
            {
                return false;
            }
        }

        return true;
    }

    // Outside the process names are UTF-8, in which all halves of surrogate pairs look the same: two tenants would be one.
    private static void CheckWellFormed(string name, string? value)
    {
        if (value is not null && value.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') && !IsWellFormed(value))
        {
            throw new ArgumentException($"{name} is not well-formed: it holds half a surrogate pair. Give a name that can be written as UTF-8.");
        }
    }

    private static void Check(ChatOptions options)
    {
        if (options.MaxOutputTokens < 1)
        {
            throw Refuse(nameof(ChatOptions.MaxOutputTokens), options.MaxOutputTokens, "1 or more");
        }

        Check(nameof(ChatOptions.Temperature), options.Temperature, 0, 2);
        Check(nameof(ChatOptions.TopP), options.TopP, 0, 1);
        Check(nameof(ChatOptions.FrequencyPenalty), options.FrequencyPenalty, -2, 2);
        Check(nameof(ChatOptions.PresencePenalty), options.PresencePenalty, -2, 2);
        if (options.TopK < 1)
        {
            throw Refuse(nameof(ChatOptions.TopK), options.TopK, "1 or more");
        }

        for (int i = 0; i < options.Tools?.Count; i++)
        {
            CheckNotNull("A tool of Options.Tools", options.Tools[i]);
            if (options.Tools[i] is AIFunctionDeclaration { Name: var name } && (name.Length is 0 or > LongestToolName || name.AsSpan().ContainsAnyExcept(ToolNameCharacters)))
            {
                throw Refuse("The name of a tool", $"'{name}'", $"1 to {LongestToolName} letters of the Latin alphabet, digits, '_', '-', '.' and ':'");
            }
        }
    }

    private static void CheckMessages(IReadOnlyList<ChatMessage> messages)
    {
        for (int m = 0; m < messages.Count; m++)
        {
            CheckNotNull("A message of Messages", messages[m]);
            IList<AIContent> contents = messages[m].Contents;
            for (int c = 0; c < contents.Count; c++)
            {
                CheckNotNull("A content of Messages", contents[c]);
            }
        }
    }

    // A message without contents is empty, and so is one of empty texts; anything else says something.
    private static bool IsEmpty(IReadOnlyList<ChatMessage> messages)
    {
        for (int m = 0; m < messages.Count; m++)
        {
            IList<AIContent> contents = messages[m].Contents;
            for (int c = 0; c < contents.Count; c++)
            {
                if (contents[c] is not TextContent { Text: null or "" })
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static void Check(ModelRequirements requirements)
    {
        CheckNotNull("Requirements.Regions", requirements.Regions);
        for (int i = 0; i < requirements.Regions.Count; i++)
        {
            CheckNotNull("A region of Requirements.Regions", requirements.Regions[i]);
        }

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
        CheckNotNull("Caching.Tags", directive.Tags);
        if (directive.TimeToLive is { } time && (time <= TimeSpan.Zero || time > CacheLimits.LongestTime))
        {
            throw Refuse("Caching.TimeToLive", time, $"over zero, and at most {CacheLimits.LongestTime}");
        }

        if (directive.Tags.Count > CacheLimits.MostTags || directive.Tags.Any(static tag => tag is not { Length: > 0 and <= CacheLimits.LongestTag }))
        {
            throw Refuse("Caching.Tags", $"'{string.Join("', '", directive.Tags)}'", $"at most {CacheLimits.MostTags} names of 1 to {CacheLimits.LongestTag} characters");
        }
    }

    // The widest range that any provider takes; each may have a narrower one, and says so.
    private static void Check(string name, float? value, float least, float most)
    {
        if (value is { } number && !(number >= least && number <= most))
        {
            throw Refuse(name, number, string.Create(CultureInfo.InvariantCulture, $"from {least} to {most}"));
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
