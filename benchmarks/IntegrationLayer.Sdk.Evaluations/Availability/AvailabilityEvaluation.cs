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
        Run[] OfAllSeeds(ContenderKind kind)
        {
            var runs = new Run[scenario.Seeds];
            int next = -1;

            // Threads of their own: the pool is the SDK's, and shows when it has come to rest.
            Thread[] workers = [.. Enumerable.Range(0, Math.Min(scenario.Seeds, Environment.ProcessorCount)).Select(_ => new Thread(Work))];
            Array.ForEach(workers, worker => worker.Start());
            Array.ForEach(workers, worker => worker.Join());
            return runs;

            void Work()
            {
                for (int i = Interlocked.Increment(ref next); i < runs.Length; i = Interlocked.Increment(ref next))
                {
                    runs[i] = Availability.Run.Of(scenario, seed + i, kind);
                }
            }
        }

        return new AvailabilityResult(scenario, OfAllSeeds(ContenderKind.Sdk), OfAllSeeds(ContenderKind.OneProvider), OfAllSeeds(ContenderKind.GatewayOnly));
    }
}
