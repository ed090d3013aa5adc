using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Portkey;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Tests.Portkey;

internal sealed class RateLimitReaderTests
{
    private static readonly (string, string)[] OpenAi =
    [
        ("x-ratelimit-limit-requests", "500"), ("x-ratelimit-remaining-requests", "499"), ("x-ratelimit-reset-requests", "120ms"),
        ("x-ratelimit-limit-tokens", "200000"), ("x-ratelimit-remaining-tokens", "150000"), ("x-ratelimit-reset-tokens", "6m0s"),
    ];

    [Test]
    public void Form_of_openai_is_read() => AreRead(
        OpenAi, new RateLimit(499, 500, TimeSpan.FromMilliseconds(120)), new RateLimit(150_000, 200_000, TimeSpan.FromMinutes(6)));

    [Test]
    public void Form_of_azure_names_no_reset() => AreRead(
        [("x-ratelimit-remaining-requests", "9"), ("x-ratelimit-remaining-tokens", "0")],
        new RateLimit(9, null, TimeSpan.FromMinutes(1)),
        new RateLimit(0, null, TimeSpan.FromMinutes(1)));

    [Test]
    public void Form_of_anthropic_is_read() => AreRead(
        [
            ("anthropic-ratelimit-requests-limit", "50"), ("anthropic-ratelimit-requests-remaining", "49"), ("anthropic-ratelimit-requests-reset", "2026-11-22T12:00:10Z"),
            ("anthropic-ratelimit-tokens-limit", "40000"), ("anthropic-ratelimit-tokens-remaining", "1000"), ("anthropic-ratelimit-tokens-reset", "2026-11-22T11:59:00Z"),
        ],
        new RateLimit(49, 50, TimeSpan.FromSeconds(10)),
        new RateLimit(1_000, 40_000, TimeSpan.Zero));

    [TestCase("-1")]
    [TestCase("1e9")]
    [TestCase("99999999999999999999999")]
    [TestCase("")]
    [TestCase("many")]
    public void Nonsense_is_as_good_as_nothing(string remaining) => AreRead([("x-ratelimit-remaining-requests", remaining)], null, null);

    [TestCase("99999999d", 86_400)]
    [TestCase("never", 60)]
    [TestCase("-5", 0)]
    public void Reset_is_kept_within_a_day(string reset, int seconds) => AreRead(
        [("x-ratelimit-remaining-tokens", "5"), ("x-ratelimit-reset-tokens", reset)], null, new RateLimit(5, null, TimeSpan.FromSeconds(seconds)));

    [Test]
    public async Task Answers_and_streams_carry_them()
    {
        GatewayResponse answer = await Call.Gateway(ScriptedHandler.Json(Call.Answer, 200, OpenAi)).SendAsync(Call.Chat(), default);
        await using GatewayStream stream = await Call.Gateway(ScriptedHandler.Events("data: [DONE]\n\n", OpenAi)).OpenStreamAsync(Call.Chat(), default);

        Assert.That(answer.Info.Limits!.Tokens!.Value.Remaining, Is.EqualTo(150_000));
        Assert.That(stream.Info.Limits!.Requests!.Value.Remaining, Is.EqualTo(499));
        Assert.That((await Call.Gateway(ScriptedHandler.Json(Call.Answer)).SendAsync(Call.Chat(), default)).Info.Limits, Is.Null);
    }

    [Test]
    public void Nothing_is_made_when_there_are_none()
    {
        var time = new FakeTimeProvider(Call.Now);
        using HttpResponseMessage response = ScriptedHandler.Answer(200, [], null, ("x-request-id", "1"), ("openai-version", "2020-10-01"));
        RateLimitReader.Read(response.Headers, time);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            RateLimitReader.Read(response.Headers, time);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static void AreRead((string, string)[] headers, RateLimit? requests, RateLimit? tokens)
    {
        using HttpResponseMessage response = ScriptedHandler.Answer(200, [], null, headers);
        RateLimits? read = RateLimitReader.Read(response.Headers, new FakeTimeProvider(Call.Now));
        Assert.That((read?.Requests, read?.Tokens), Is.EqualTo((requests, tokens)));
    }
}
