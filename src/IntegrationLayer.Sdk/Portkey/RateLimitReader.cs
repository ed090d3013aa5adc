using System.Globalization;
using System.Net.Http.Headers;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Reads what a provider says of its rate limits in an answer's headers, which the gateway passes on: OpenAI's form, which Azure and many others use, and Anthropic's.</summary>
internal static class RateLimitReader
{
    // Azure names no reset; its limits are per minute.
    private static readonly TimeSpan UsualWindow = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(1);

    /// <summary>Reads them.</summary>
    /// <returns><see langword="null"/>, without having made anything, if there are none.</returns>
    public static RateLimits? Read(HttpResponseHeaders headers, TimeProvider time)
    {
        HttpHeadersNonValidated raw = headers.NonValidated;
        RateLimit? requests = null, tokens = null;
        if (raw.Contains("x-ratelimit-remaining-requests") || raw.Contains("x-ratelimit-remaining-tokens"))
        {
            requests = Read(raw, "x-ratelimit-remaining-requests", "x-ratelimit-limit-requests", "x-ratelimit-reset-requests", time);
            tokens = Read(raw, "x-ratelimit-remaining-tokens", "x-ratelimit-limit-tokens", "x-ratelimit-reset-tokens", time);
        }
        else if (raw.Contains("anthropic-ratelimit-requests-remaining") || raw.Contains("anthropic-ratelimit-tokens-remaining"))
        {
            requests = Read(raw, "anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-limit", "anthropic-ratelimit-requests-reset", time);
            tokens = Read(raw, "anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-limit", "anthropic-ratelimit-tokens-reset", time);
        }

        return requests is null && tokens is null ? null : new RateLimits(time.GetTimestamp(), requests, tokens);
    }

    private static RateLimit? Read(HttpHeadersNonValidated headers, string remaining, string limit, string reset, TimeProvider time)
    {
        if (Number(headers, remaining) is not { } left)
        {
            return null;
        }

        // OpenAI names a time, Anthropic a moment.
        string? text = Get(headers, reset);
        double? until = text is null ? null : text.Contains('T', StringComparison.Ordinal) ? RetryAfterParser.Moment(text, time.GetUtcNow()) : RetryAfterParser.Duration(text, time.GetUtcNow());
        TimeSpan fullIn = until is { } seconds && double.IsFinite(seconds)
            ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, LongestWindow.TotalSeconds))
            : UsualWindow;
        return new RateLimit(left, Number(headers, limit), fullIn);
    }

    private static long? Number(HttpHeadersNonValidated headers, string name) =>
        Get(headers, name) is { } text && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    private static string? Get(HttpHeadersNonValidated headers, string name) =>
        headers.TryGetValues(name, out HeaderStringValues values) && values.ToString() is { Length: > 0 and <= 64 } text ? text : null;
}
