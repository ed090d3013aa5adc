namespace IntegrationLayer.Sdk.Evaluations.Availability;

/// <summary>How many requests are answered while providers and gateways fail: the SDK's own code in virtual time, seeded.</summary>
internal static class AvailabilityEvaluation
{
    public static int Evaluate(string[] args)
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
        ContenderKind[] kinds = [ContenderKind.Sdk, ContenderKind.OneProvider, ContenderKind.GatewayOnly];
        var runs = new Run[kinds.Length * scenario.Seeds];
        int next = -1;

        // Threads of their own: the pool is the SDK's, and shows when it has come to rest.
        Thread[] workers = [.. Enumerable.Range(0, Math.Min(runs.Length, Environment.ProcessorCount)).Select(_ => new Thread(Work))];
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
        return new AvailabilityResult(scenario, Of(0), Of(1), Of(2));

        Run[] Of(int kind) => runs[(kind * scenario.Seeds)..((kind + 1) * scenario.Seeds)];

        void Work()
        {
            for (int i = Interlocked.Increment(ref next); i < runs.Length; i = Interlocked.Increment(ref next))
            {
                runs[i] = Run.Of(scenario, seed + (i % scenario.Seeds), kinds[i / scenario.Seeds]);
            }
        }
    }
}
