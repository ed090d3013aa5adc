using System.Text.Json;
using IntegrationLayer.Sdk.Analytics.Journal;
using IntegrationLayer.Sdk.TestSupport.Usage;
using IntegrationLayer.Sdk.Usage;

namespace IntegrationLayer.Sdk.Analytics.Tests.Journal;

public sealed class RecordCodecTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 15, 18, 30, 0, TimeSpan.Zero);

    private static readonly UsageRecord Full = new()
    {
        RequestId = "request",
        TraceId = "trace",
        Context = new LlmRequestContext
        {
            TenantId = "tenant", TeamId = "team", UserId = "Zoë 🙂", KeyId = "key", SessionId = "session", Operation = "operation", IdempotencyKey = "once",
            Tags = new Dictionary<string, string> { ["a"] = "1", ["b"] = "" },
        },
        StartedAt = Now.AddTicks(1),
        Duration = TimeSpan.FromTicks(12_345_678),
        TimeToFirstToken = TimeSpan.FromMicroseconds(77),
        Overhead = TimeSpan.FromTicks(9),
        Kind = Models.ModelKind.Embedding,
        IsStreamed = true,
        MessageCount = 3,
        ToolCount = 4,
        MaxOutputTokens = 5,
        Temperature = 0.25f,
        ModelRequested = "model requested",
        RoutingPolicy = "policy",
        CandidateCount = 6,
        Deployment = "deployment",
        Provider = "provider",
        Model = "model",
        ModelServed = "model served",
        Outcome = "error",
        ErrorType = "type",
        FinishReason = "reason",
        Cache = "miss",
        Tokens = new TokenUsage { Input = 1, CacheRead = 2, CacheWrite = 3, CacheWriteOneHour = 4, Output = 5, Reasoning = 6, AudioInput = 7, AudioOutput = 8, ImageInput = 9, ImageOutput = 10, WebSearches = 11 },
        PriceStatus = PriceStatus.UpperBound,
        CostNanoUsd = long.MaxValue,
        WastedNanoUsd = 2,
        ReservedNanoUsd = 3,
        CacheSavingNanoUsd = 4,
        PromptCacheSavingNanoUsd = -5,
        RoutingSavingNanoUsd = long.MinValue,
        Attempts =
        [
            new LlmAttempt { Deployment = "first", Provider = "one", Duration = TimeSpan.FromSeconds(1), Cost = new LlmCost(0.1m, PriceStatus.Estimated), Error = LlmErrorClass.RateLimited, StatusCode = 429 },
            new LlmAttempt { Deployment = "second", Provider = "two", Cost = new LlmCost(0.2m, PriceStatus.Exact), IsHedge = true },
        ],
    };

    // What follows from others, and what concerned only the request while it lasted.
    private static readonly string[] NotKept = ["StatusCode", "TraceId", "Timeout", "Deadline"];

    [Test]
    public void Every_property_is_read_back()
    {
        Assert.That(Json(RoundTrip(Full)), Is.EqualTo(Json(Full)));
        foreach (UsageRecord record in SampleRecords.Mix(1, 200, Now, TimeSpan.FromDays(1)))
        {
            Assert.That(Json(RoundTrip(record)), Is.EqualTo(Json(record)));
        }
    }

    // A property that is added to records must be added to the journal too, or this says so.
    [Test]
    public void Sample_has_a_value_in_every_property()
    {
        object?[] none = [null, 0, 0L, false, "", default(TimeSpan), default(TokenUsage), PriceStatus.Free];
        foreach (object sample in (object[])[Full, Full.Context, Full.Tokens])
        {
            Assert.That(sample.GetType().GetProperties().Where(property => none.Contains(property.GetValue(sample)) && !NotKept.Contains(property.Name)), Is.Empty);
        }
    }

    [Test]
    public void Record_of_a_newer_version_is_refused_with_the_cure()
    {
        FrameWriter frames = new();
        frames.Begin(1);
        frames.Byte(99);
        frames.TryEnd();

        Assert.That(() => Read(frames), Throws.TypeOf<InvalidDataException>().With.Message.Contains("version 99").And.Message.Contains("Update IntegrationLayer.Sdk.Analytics"));
    }

    [Test]
    public void Content_that_ends_too_early_is_refused()
    {
        FrameWriter frames = new();
        frames.Begin(1);
        frames.Byte(1);
        frames.Number(1_000);
        frames.TryEnd();

        Assert.That(() => Read(frames), Throws.TypeOf<InvalidDataException>().With.Message.Contains("too early"));
    }

    [Test]
    public void Numbers_that_are_too_large_are_refused()
    {
        FrameWriter frames = new();
        frames.Begin(1);
        frames.Byte(1);
        frames.Number(ulong.MaxValue);
        frames.TryEnd();
        Assert.That(() => Read(frames), Throws.TypeOf<InvalidDataException>().With.Message.Contains("too large"));

        frames.Clear();
        frames.Begin(1);
        frames.Byte(1);
        for (int i = 0; i < 11; i++)
        {
            frames.Byte(0xFF);
        }

        frames.TryEnd();
        Assert.That(() => Read(frames), Throws.TypeOf<InvalidDataException>().With.Message.Contains("64 bits"));
    }

    [Test]
    public void Nul_becomes_a_character_that_databases_hold()
    {
        UsageRecord record = SampleRecords.Answered(Now, "a\0b");

        Assert.That(RoundTrip(record).Context.TenantId, Is.EqualTo("a\uFFFDb"));
    }

    private static string Json(UsageRecord record) => JsonSerializer.Serialize(record);

    private static UsageRecord RoundTrip(UsageRecord record)
    {
        FrameWriter frames = new();
        frames.Begin(7);
        RecordCodec.Write(frames, record);
        Assert.That(frames.TryEnd(), Is.True);
        return Read(frames);
    }

    private static UsageRecord Read(FrameWriter frames)
    {
        Assert.That(FrameReader.Find(frames.Written.Span, out _, out ReadOnlySpan<byte> content), Is.EqualTo(frames.Length));
        FrameReader reader = new(content, new TextPool());
        UsageRecord record = RecordCodec.Read(ref reader);
        Assert.That(reader.IsAtEnd, Is.True);
        return record;
    }
}
