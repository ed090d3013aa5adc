using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Usage;

namespace IntegrationLayer.Sdk.TestSupport.Usage;

/// <summary>Usage records as requests leave them.</summary>
public static class SampleRecords
{
    private static readonly string?[] Tenants = ["acme", "globex", "initech", null];
    private static readonly string?[] Teams = ["search", "support", null];
    private static readonly string[] Operations = ["summarise", "translate", "default"];
    private static readonly (string Deployment, string Provider, string Model)[] Deployments =
        [("openai/gpt-4o-mini", "openai", "gpt-4o-mini"), ("openai/gpt-4o", "openai", "gpt-4o"), ("claude/haiku", "anthropic", "claude-haiku-4-5")];

    private static readonly (string Outcome, string? Error, string? Cache)[] Outcomes =
    [
        ("success", null, "miss"), ("success", null, "miss"), ("success", null, "bypassed"), ("cached", null, "hit"),
        ("error", "rate_limited", null), ("denied", "budget_exceeded", null), ("cancelled", "cancelled", "miss"),
    ];

    /// <summary>A request that was answered: 100 tokens in, 20 out, for 0.000027 US dollars, in 400 ms.</summary>
    public static UsageRecord Answered(DateTimeOffset at, string? tenant = "acme", LlmRequestContext? context = null) => new()
    {
        RequestId = Guid.NewGuid().ToString("N"),
        TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
        Context = context ?? new LlmRequestContext { TenantId = tenant, TeamId = "search", UserId = "jo", Operation = "summarise" },
        StartedAt = at,
        Duration = TimeSpan.FromMilliseconds(400),
        Deployment = "openai/gpt-4o-mini",
        Provider = "openai",
        Model = "gpt-4o-mini",
        ModelServed = "gpt-4o-mini-2024-07-18",
        Outcome = "success",
        Cache = "miss",
        FinishReason = "stop",
        Tokens = new TokenUsage { Input = 100, Output = 20 },
        PriceStatus = PriceStatus.Exact,
        CostNanoUsd = 27_000,
        RoutingSavingNanoUsd = 423_000,
        Attempts = [new LlmAttempt { Deployment = "openai/gpt-4o-mini", Provider = "openai", Duration = TimeSpan.FromMilliseconds(390), Cost = new LlmCost(0.000027m, PriceStatus.Exact), StatusCode = 200 }],
    };

    /// <summary>Makes a mix of requests of every kind, the same for the same seed, spread evenly at random over a range.</summary>
    public static IEnumerable<UsageRecord> Mix(int seed, int count, DateTimeOffset from, TimeSpan range)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            yield return Random(random, from + (random.NextDouble() * range));
        }
    }

    private static UsageRecord Random(Random random, DateTimeOffset at)
    {
        (string outcome, string? error, string? cache) = Pick(random, Outcomes);
        (string deployment, string provider, string model) = Pick(random, Deployments);
        bool wasSent = outcome is not "denied";
        long cost = outcome is "cached" or "denied" ? 0 : random.Next(1, 5_000_000);
        PriceStatus status = outcome is "cached" or "denied" ? PriceStatus.Free : (PriceStatus)random.Next(1, 5);
        bool isStreamed = random.Next(2) == 0;
        return new UsageRecord
        {
            RequestId = $"{random.NextInt64():x16}{random.NextInt64():x16}",
            TraceId = random.Next(3) == 0 ? null : $"{random.NextInt64():x16}",
            Context = new LlmRequestContext
            {
                TenantId = Pick(random, Tenants),
                TeamId = Pick(random, Teams),
                UserId = random.Next(5) == 0 ? null : $"user-{random.Next(20)}",
                KeyId = random.Next(2) == 0 ? null : $"key-{random.Next(3)}",
                Operation = Pick(random, Operations),
                Tags = random.Next(3) == 0 ? new Dictionary<string, string>() : new Dictionary<string, string> { ["feature"] = $"f{random.Next(3)}", ["it's"] = "a \"tag\"" },
                IdempotencyKey = random.Next(4) == 0 ? $"key-{random.Next()}" : null,
            },
            StartedAt = at,
            Duration = TimeSpan.FromMicroseconds(random.Next(50, 5_000_000)),
            TimeToFirstToken = isStreamed ? TimeSpan.FromMicroseconds(random.Next(50, 900_000)) : null,
            Overhead = TimeSpan.FromMicroseconds(random.Next(20, 400)),
            Kind = random.Next(10) == 0 ? ModelKind.Embedding : ModelKind.Chat,
            IsStreamed = isStreamed,
            MessageCount = random.Next(1, 9),
            ToolCount = random.Next(3),
            MaxOutputTokens = random.Next(2) == 0 ? random.Next(1, 4_000) : null,
            Temperature = random.Next(2) == 0 ? 0.5f : null,
            ModelRequested = random.Next(2) == 0 ? model : null,
            RoutingPolicy = "LowestCost",
            CandidateCount = random.Next(1, 9),
            Deployment = wasSent ? deployment : null,
            Provider = wasSent ? provider : null,
            Model = wasSent ? model : null,
            ModelServed = outcome is "success" ? model : null,
            Outcome = outcome,
            ErrorType = error,
            Cache = cache,
            FinishReason = outcome is "success" ? "stop" : null,
            Tokens = outcome is "success" ? Tokens(random) : default,
            PriceStatus = status,
            CostNanoUsd = status is PriceStatus.Unknown ? 0 : cost,
            WastedNanoUsd = error is not null && status is not PriceStatus.Unknown ? cost : 0,
            ReservedNanoUsd = random.Next(2) * cost,
            CacheSavingNanoUsd = outcome is "cached" ? random.Next(1_000_000) : 0,
            PromptCacheSavingNanoUsd = outcome is "success" ? random.Next(-1_000, 1_000_000) : 0,
            RoutingSavingNanoUsd = outcome is "success" or "cached" ? random.Next(1_000_000) : 0,
            Attempts = outcome is "cached" or "denied" ? [] : [Attempt(random, deployment, provider, error)],
        };
    }

    private static TokenUsage Tokens(Random random) => new()
    {
        Input = random.Next(10_000),
        CacheRead = random.Next(10_000),
        CacheWrite = random.Next(1_000),
        CacheWriteOneHour = random.Next(1_000),
        Output = random.Next(2_000),
        Reasoning = random.Next(2_000),
        AudioInput = random.Next(10),
        AudioOutput = random.Next(10),
        ImageInput = random.Next(10),
        ImageOutput = random.Next(10),
        WebSearches = random.Next(3),
    };

    private static LlmAttempt Attempt(Random random, string deployment, string provider, string? error) => new()
    {
        Deployment = deployment,
        Provider = provider,
        Duration = TimeSpan.FromMicroseconds(random.Next(1_000_000)),
        Cost = new LlmCost(random.Next(1_000_000) / 1_000_000_000m, PriceStatus.Estimated),
        Error = error is null ? LlmErrorClass.None : LlmErrorClass.RateLimited,
        StatusCode = error is null ? 200 : 429,
    };

    private static T Pick<T>(Random random, T[] values) => values[random.Next(values.Length)];
}
