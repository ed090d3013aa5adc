namespace IntegrationLayer.Sdk.Evaluations.Availability;

/// <summary>How many requests are answered while providers and gateways fail: the SDK's own code in virtual time, seeded.</summary>
internal static class AvailabilityEvaluation
{
    public static int Run(string[] args)
    {
        AvailabilitySettings settings = AvailabilitySettings.Parse(args);
        Scenario[] all = Scenarios.All(settings.Requests);
        string? unknown = Array.Find(settings.Only, name => !Array.Exists(all, s => s.Name == name));
        if (unknown is not null)
        {
            throw new ArgumentException($"There is no scenario '{unknown}'. Known: {string.Join(", ", all.Select(s => s.Name))}.");
        }

        AvailabilityResult[] results =
        [
            .. all.Where(s => settings.Only.Length == 0 || settings.Only.Contains(s.Name)).Select(s => Play(s, settings.Seed)),
        ];
        if (settings.Json)
        {
            using Stream output = Console.OpenStandardOutput();
            AvailabilityReport.WriteJson(results, output);
        }
        else
        {
            AvailabilityReport.WriteText(results, Console.Out);
        }

        return Array.TrueForAll(results, r => r.IsMet) ? 0 : 1;
    }

    private static AvailabilityResult Play(Scenario scenario, int seed)
    {
        Run[] OfAllSeeds(ContenderKind kind) =>
            [.. Enumerable.Range(seed, scenario.Seeds).AsParallel().AsOrdered().Select(s => Availability.Run.Of(scenario, s, kind))];

        return new AvailabilityResult(scenario, OfAllSeeds(ContenderKind.Sdk), OfAllSeeds(ContenderKind.OneProvider), OfAllSeeds(ContenderKind.GatewayOnly));
    }
}
