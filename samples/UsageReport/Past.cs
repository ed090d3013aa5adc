using IntegrationLayer.Sdk;
using IntegrationLayer.Sdk.Usage;

namespace UsageReportSample;

/// <summary>Three weeks of made-up records, busier on working days.</summary>
internal static class Past
{
    private const int Days = 21;

    public static void Write(IUsageStore store, DateTimeOffset today)
    {
        var random = new Random(1);
        for (DateTimeOffset day = today.AddDays(-Days); day < today; day = day.AddDays(1))
        {
            int requests = day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? random.Next(4, 8) : random.Next(25, 35);
            for (int i = 0; i < requests; i++)
            {
                store.Append(Record(random, day.AddHours(8 + (10 * random.NextDouble()))));
            }
        }
    }

    private static UsageRecord Record(Random random, DateTimeOffset at) => new()
    {
        RequestId = Guid.NewGuid().ToString("N"),
        Context = new LlmRequestContext { TenantId = "acme", Operation = "summarise" },
        StartedAt = at,
        Duration = TimeSpan.FromMilliseconds(random.Next(400, 2_000)),
        Deployment = "openai/gpt-4o-mini",
        Provider = "openai",
        Model = "gpt-4o-mini",
        Outcome = "success",
        Cache = "miss",
        PriceStatus = PriceStatus.Exact,
        CostNanoUsd = random.Next(500_000, 2_500_000),
    };
}
