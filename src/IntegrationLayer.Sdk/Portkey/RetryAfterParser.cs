using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Finds out how long a sender asks to wait, in all the forms in which gateways and providers say so.</summary>
internal static class RetryAfterParser
{
    /// <summary>The shortest wait returned.</summary>
    public static readonly TimeSpan Floor = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest wait returned.</summary>
    public static readonly TimeSpan Ceiling = TimeSpan.FromMinutes(15);

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    private static readonly string[] Resets =
        ["x-ratelimit-reset-requests", "x-ratelimit-reset-tokens", "x-ratelimit-reset"];

    private static readonly string[] AnthropicResets =
        ["anthropic-ratelimit-requests-reset", "anthropic-ratelimit-tokens-reset", "anthropic-ratelimit-input-tokens-reset", "anthropic-ratelimit-output-tokens-reset"];

    /// <summary>Parses headers, and a delay that the body names.</summary>
    /// <returns>The wait, from 50 ms to 15 minutes; <see langword="null"/> if the sender names none that makes sense.</returns>
    public static TimeSpan? Parse(HttpResponseHeaders headers, string? bodyDelay, TimeProvider time)
    {
        DateTimeOffset now = time.GetUtcNow();
        double? seconds = Number(headers, "retry-after-ms") / 1000
            ?? Number(headers, "x-ms-retry-after-ms") / 1000
            ?? RetryAfter(headers, now)
            ?? Latest(headers, Resets, text => Duration(text, now))
            ?? Latest(headers, AnthropicResets, text => Moment(text, now))
            ?? (bodyDelay is null ? null : Duration(bodyDelay, now));
        return seconds is { } value && double.IsFinite(value)
            ? TimeSpan.FromSeconds(Math.Clamp(value, Floor.TotalSeconds, Ceiling.TotalSeconds))
            : null;
    }

    /// <summary>Parses a moment, in seconds from now.</summary>
    public static double? Moment(string text, DateTimeOffset now) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset moment)
            ? (moment - now).TotalSeconds
            : null;

    /// <summary>Parses <c>6m0s</c>, <c>120ms</c>, <c>1h2m3.5s</c>, <c>12s</c>, a number of seconds, or a moment as Unix seconds or milliseconds.</summary>
    public static double? Duration(string text, DateTimeOffset now)
    {
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        if (Parse(rest) is { } number)
        {
            return number switch
            {
                > 100_000_000_000 => (number / 1000) - now.ToUnixTimeSeconds(),
                > 1_000_000_000 => number - now.ToUnixTimeSeconds(),
                _ => number,
            };
        }

        double seconds = 0;
        while (!rest.IsEmpty)
        {
            int digits = rest.IndexOfAnyExcept(NumberCharacters);
            if (digits <= 0 || Parse(rest[..digits]) is not { } amount)
            {
                return Moment(text, now);
            }

            rest = rest[digits..];
            (double factor, int length) = rest switch
            {
                ['m', 's', ..] => (0.001, 2),
                ['u', 's', ..] or ['µ', 's', ..] => (0.000_001, 2),
                ['n', 's', ..] => (0.000_000_001, 2),
                ['d', ..] => (86_400, 1),
                ['h', ..] => (3_600, 1),
                ['m', ..] => (60, 1),
                ['s', ..] => (1, 1),
                _ => (double.NaN, 1),
            };
            seconds += amount * factor;
            rest = rest[length..];
        }

        return seconds;
    }

    // Relative to the sender's clock, if it shows it: the two clocks may differ by more than the wait.
    private static double? RetryAfter(HttpResponseHeaders headers, DateTimeOffset now)
    {
        string? text = Get(headers, "retry-after");
        if (text is null)
        {
            return null;
        }

        if (Parse(text) is { } seconds)
        {
            return seconds;
        }

        if (!TryDate(text, out DateTimeOffset moment))
        {
            return null;
        }

        DateTimeOffset from = Get(headers, "date") is { } date && TryDate(date, out DateTimeOffset sent) ? sent : now;
        return (moment - from).TotalSeconds;
    }

    // The limits that have been reached are not named, so the longest of the resets is waited for.
    private static double? Latest(HttpResponseHeaders headers, string[] names, Func<string, double?> parse)
    {
        double? latest = null;
        foreach (string name in names)
        {
            if (Get(headers, name) is { } text && parse(text) is { } seconds)
            {
                latest = Math.Max(latest ?? 0, seconds);
            }
        }

        return latest;
    }

    private static double? Number(HttpResponseHeaders headers, string name) => Get(headers, name) is { } text ? Parse(text) : null;

    private static double? Parse(ReadOnlySpan<char> text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture, out double number)
            ? number
            : null;

    private static bool TryDate(string text, out DateTimeOffset moment) =>
        DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out moment)
        || DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out moment);

    private static string? Get(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out HeaderStringValues values) && values.ToString() is { Length: > 0 and <= 128 } text ? text : null;
}
