using IntegrationLayer.Sdk.Portkey;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Tests.Portkey;

[TestFixture]
internal sealed class RetryAfterParserTests
{
    [TestCase("retry-after", "7", 7.0)]
    [TestCase("retry-after", "1.5", 1.5)]
    [TestCase("retry-after", " 2 ", 2.0)]
    [TestCase("retry-after", "0", 0.05)]
    [TestCase("retry-after", "-5", 0.05)]
    [TestCase("retry-after", "1000000000", 900.0)]
    [TestCase("retry-after", "Sun, 22 Nov 2026 12:00:30 GMT", 30.0)]
    [TestCase("retry-after", "Sun, 22 Nov 2026 11:00:00 GMT", 0.05)]
    [TestCase("retry-after", "soon", null)]
    [TestCase("retry-after", "NaN", null)]
    [TestCase("retry-after", "", null)]
    [TestCase("retry-after-ms", "1500", 1.5)]
    [TestCase("retry-after-ms", "x", null)]
    [TestCase("x-ms-retry-after-ms", "250", 0.25)]
    [TestCase("x-ratelimit-reset-requests", "6m0s", 360.0)]
    [TestCase("x-ratelimit-reset-tokens", "120ms", 0.12)]
    [TestCase("x-ratelimit-reset-tokens", "1h2m", 900.0)]
    [TestCase("x-ratelimit-reset-tokens", "1m2.5s", 62.5)]
    [TestCase("x-ratelimit-reset-tokens", "500us", 0.05)]
    [TestCase("x-ratelimit-reset-tokens", "9ns", 0.05)]
    [TestCase("x-ratelimit-reset-tokens", "1d", 900.0)]
    [TestCase("x-ratelimit-reset-tokens", "5x", null)]
    [TestCase("x-ratelimit-reset-tokens", "m", null)]
    [TestCase("x-ratelimit-reset", "1795348820", 20.0)]
    [TestCase("x-ratelimit-reset", "1795348820000", 20.0)]
    [TestCase("x-ratelimit-reset", "3", 3.0)]
    [TestCase("anthropic-ratelimit-requests-reset", "2026-11-22T12:00:10Z", 10.0)]
    [TestCase("anthropic-ratelimit-tokens-reset", "garbage", null)]
    [TestCase("other", "7", null)]
    public void Header_is_read(string name, string value, double? seconds)
    {
        Assert.That(Parse(null, (name, value)), Is.EqualTo(seconds is null ? null : TimeSpan.FromSeconds(seconds.Value)));
    }

    [Test]
    public void Date_counts_from_the_senders_clock()
    {
        Assert.That(Parse(null, ("retry-after", "Sun, 22 Nov 2026 10:00:30 GMT"), ("date", "Sun, 22 Nov 2026 10:00:00 GMT")), Is.EqualTo(TimeSpan.FromSeconds(30)));
    }

    [Test]
    public void Most_exact_header_wins()
    {
        Assert.That(Parse("9s", ("retry-after", "7"), ("retry-after-ms", "6500"), ("x-ratelimit-reset-requests", "1s")), Is.EqualTo(TimeSpan.FromSeconds(6.5)));
        Assert.That(Parse("9s", ("retry-after", "7"), ("x-ratelimit-reset-requests", "1s")), Is.EqualTo(TimeSpan.FromSeconds(7)));
        Assert.That(Parse("9s", ("x-ratelimit-reset-requests", "1s"), ("x-ratelimit-reset-tokens", "4s")), Is.EqualTo(TimeSpan.FromSeconds(4)));
    }

    [TestCase("12s", 12.0)]
    [TestCase("0.5s", 0.5)]
    [TestCase("later", null)]
    public void Delay_of_the_body_is_read(string delay, double? seconds)
    {
        Assert.That(Parse(delay), Is.EqualTo(seconds is null ? null : TimeSpan.FromSeconds(seconds.Value)));
    }

    [FsCheck.NUnit.Property]
    public void Any_text_gives_a_wait_within_the_limits_or_none(string? text)
    {
        TimeSpan? wait = Parse(text ?? "", ("retry-after", (text ?? "").ReplaceLineEndings("").Replace("\0", "", StringComparison.Ordinal)));

        Assert.That(wait is null || (wait >= RetryAfterParser.Floor && wait <= RetryAfterParser.Ceiling), Is.True);
    }

    private static TimeSpan? Parse(string? body, params (string Name, string Value)[] headers)
    {
        using HttpResponseMessage response = ScriptedHandler.Answer(429, [], null, headers);
        return RetryAfterParser.Parse(response.Headers, body, new FakeTimeProvider(Call.Now));
    }
}
