namespace IntegrationLayer.Sdk.Evaluations.Availability;

/// <summary>What one run showed.</summary>
/// <param name="Requests">The requests made.</param>
/// <param name="Failures">Those that got no whole answer.</param>
/// <param name="Calls">The calls that reached a gateway for them.</param>
/// <param name="Latencies">How long each request took, ascending.</param>
internal sealed record Run(int Requests, int Failures, long Calls, TimeSpan[] Latencies)
{
    public double Success => 1 - (Failures / (double)Requests);

    public double AttemptsPerRequest => Calls / (double)Requests;

    public TimeSpan Percentile(double share) => Latencies[Math.Min(Latencies.Length - 1, (int)(Latencies.Length * share))];

    /// <summary>Plays a scenario.</summary>
    public static Run Of(Scenario scenario, int seed, ContenderKind kind)
    {
        var random = new SharedRandom(seed);
        var time = new VirtualTime();
        SimulatedProvider[] providers = scenario.Providers(random);
        Outages[] gateways = scenario.Gateways();
        Dictionary<string, Outages> hosts = gateways.Select((outages, i) => ($"gateway-{i + 1}", outages)).ToDictionary();
        var network = new SimulatedNetwork(time, hosts, providers.ToDictionary(p => p.Name));
        string[] names = [.. providers.Select(p => p.Name)];
        using IContender contender = kind switch
        {
            ContenderKind.Sdk => new SdkContender(time, network, hosts.Keys, names),
            ContenderKind.OneProvider => new SdkContender(time, network, hosts.Keys.Take(1), names.Take(1)),
            _ => new GatewayOnlyContender(time, network, "gateway-1", names),
        };
        return Play(scenario, random, time, network, contender);
    }

    private static Run Play(Scenario scenario, Random random, VirtualTime time, SimulatedNetwork network, IContender contender)
    {
        var gate = new Lock();
        int failures = 0;
        var requests = new List<Task>(scenario.Requests);
        var latencies = new List<TimeSpan>(scenario.Requests);
        for (int i = 0; i < scenario.Requests; i++)
        {
            time.At(scenario.Horizon * random.NextDouble(), () => requests.Add(AskAsync()));
        }

        // Whatever is still on its way has a deadline.
        time.Run(scenario.Horizon + TimeSpan.FromHours(3));
        requests.Find(static r => r.IsFaulted)?.GetAwaiter().GetResult();
        latencies.Sort();
        return latencies.Count == scenario.Requests
            ? new Run(scenario.Requests, failures, network.Calls, [.. latencies])
            : throw new InvalidOperationException($"{scenario.Requests - latencies.Count} of {scenario.Requests} requests never ended.");

        async Task AskAsync()
        {
            TimeSpan began = time.Now;
            bool isAnswered = await contender.AskAsync().ConfigureAwait(false);
            lock (gate)
            {
                failures += isAnswered ? 0 : 1;
                latencies.Add(time.Now - began);
            }
        }
    }
}
