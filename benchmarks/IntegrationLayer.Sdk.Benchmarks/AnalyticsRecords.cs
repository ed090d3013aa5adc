using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Usage;

namespace IntegrationLayer.Sdk.Benchmarks;

/// <summary>Usage records as an application with 20 tenants, 2,000 users and 5 models leaves them, the same for the same seed.</summary>
internal static class AnalyticsRecords
{
    public static UsageRecord[] Make(int count, DateTimeOffset from, TimeSpan range)
    {
        var random = new Random(1);
        var records = new UsageRecord[count];
        for (int i = 0; i < count; i++)
        {
            int tenant = random.Next(20);
            string model = $"model-{random.Next(5)}";
            long cost = random.Next(1, 5_000_000);
            var duration = TimeSpan.FromMicroseconds(200_000 + (random.NextDouble() * random.NextDouble() * 5_000_000));
            records[i] = new UsageRecord
            {
                RequestId = Guid.NewGuid().ToString("N"),
                TraceId = Guid.NewGuid().ToString("N"),
                Context = new LlmRequestContext
                {
                    TenantId = $"tenant-{tenant}",
                    TeamId = $"team-{tenant % 4}",
                    UserId = $"user-{random.Next(2_000)}",
                    Operation = random.Next(2) == 0 ? "summarise" : "translate",
                    Tags = new Dictionary<string, string> { ["feature"] = $"feature-{random.Next(8)}" },
                },
                StartedAt = from + (range * ((double)i / count)),
                Duration = duration,
                TimeToFirstToken = duration / 3,
                IsStreamed = true,
                Deployment = $"provider/{model}",
                Provider = "provider",
                Model = model,
                ModelServed = model,
                Outcome = random.Next(50) == 0 ? "error" : "success",
                Cache = "miss",
                FinishReason = "stop",
                Tokens = new TokenUsage { Input = random.Next(10_000), Output = random.Next(2_000) },
                PriceStatus = PriceStatus.Exact,
                CostNanoUsd = cost,
                RoutingSavingNanoUsd = cost / 2,
                Attempts = [new LlmAttempt { Deployment = $"provider/{model}", Provider = "provider", Duration = duration, Cost = new LlmCost(cost / 1_000_000_000m, PriceStatus.Exact), StatusCode = 200 }],
            };
        }

        return records;
    }
}
