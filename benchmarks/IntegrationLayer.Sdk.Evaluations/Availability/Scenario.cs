namespace IntegrationLayer.Sdk.Evaluations.Availability;

/// <summary>What fails, how often, and how many requests meet it.</summary>
/// <param name="Name">A short name.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Requests">How many requests a run makes.</param>
/// <param name="Horizon">The virtual time that they are spread over, at random.</param>
/// <param name="Providers">Makes the providers, by the name that Portkey gives them.</param>
internal sealed record Scenario(string Name, string Title, int Requests, TimeSpan Horizon, Func<Random, SimulatedProvider[]> Providers)
{
    /// <summary>Gets what makes the gateways' outages, one for each gateway.</summary>
    public Func<Outages[]> Gateways { get; init; } = static () => [Outages.None];

    /// <summary>Gets how many runs are made, each with its own seed.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>Gets the least share of requests that must succeed.</summary>
    public double Bar { get; init; }

    /// <summary>Gets the least share in each single run.</summary>
    public double BarOfEachSeed { get; init; }

    /// <summary>Gets the most calls a request may take on average.</summary>
    public double MostAttempts { get; init; } = 1.2;
}
