namespace IntegrationLayer.Sdk.Evaluations.Availability;

/// <summary>What the runs of a scenario showed, of each contender.</summary>
internal sealed record AvailabilityResult(Scenario Scenario, Run[] Sdk, Run[] OneProvider, Run[] GatewayOnly)
{
    public bool IsMet => SuccessOf(Sdk) >= Scenario.Bar && Sdk.Min(r => r.Success) >= Scenario.BarOfEachSeed && AttemptsOf(Sdk) <= Scenario.MostAttempts;

    public static double SuccessOf(Run[] runs) => runs.Average(r => r.Success);

    public static double AttemptsOf(Run[] runs) => runs.Average(r => r.AttemptsPerRequest);
}
