namespace IntegrationLayer.Sdk.Evaluations.Availability;

/// <summary>The scenarios, and what each promises.</summary>
internal static class Scenarios
{
    private static readonly string[] Names = ["openai", "anthropic", "mistral-ai"];
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Gets the scenarios.</summary>
    /// <param name="requests">How many requests a run makes.</param>
    public static Scenario[] All(int requests)
    {
        TimeSpan busy = TimeSpan.FromSeconds(requests / 20.0);

        // Both providers are down together 0.0225 % of the time, in some minutes every week: a run of fewer weeks shows luck rather than the SDK.
        TimeSpan weeks = TimeSpan.FromSeconds(requests * 20.0);
        return
        [
            new("S1", "two providers, each failing 3 % of calls", requests, busy, random => Failing(random, 2, 0.03)) { Bar = 0.999, MostAttempts = 1.05 },
            new("S2", "two providers, each down 1.5 % of the time for 5 minutes at once, and failing 0.5 % of calls", requests, weeks, random => Suffering(random, 2, 0.015, 0.005, weeks))
            {
                Bar = 0.9995, BarOfEachSeed = 0.999, Seeds = 20, MostAttempts = 1.05,
            },
            new("S3", "three providers, each failing 10 % of calls", requests, busy, random => Failing(random, 3, 0.10)) { Bar = 0.999 },
            new("S4", "two providers, the preferred one dead for an hour", requests, Hour * 1.5, random => OneDead(random, Hour)) { Bar = 1 },
            new("S5", "two gateways, one of them killed each minute for 20 seconds", requests, busy, random => Failing(random, 2, 0))
            {
                Gateways = () =>
                [
                    Outages.Every(2 * TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(20), busy),
                    Outages.Every(2 * TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(20), busy),
                ],
                Bar = 0.9995,
            },
        ];
    }

    private static SimulatedProvider[] Failing(Random random, int count, double rate) =>
        [.. Names.Take(count).Select(name => new SimulatedProvider(name, rate, Outages.None, random))];

    private static SimulatedProvider[] Suffering(Random random, int count, double share, double rate, TimeSpan horizon) =>
        [.. Names.Take(count).Select(name => new SimulatedProvider(name, rate, Outages.Recurring(random, share, FiveMinutes, horizon), random))];

    private static SimulatedProvider[] OneDead(Random random, TimeSpan length) =>
    [
        new(Names[0], 0, Outages.Once(FiveMinutes, length), random),
        new(Names[1], 0, Outages.None, random),
    ];
}
