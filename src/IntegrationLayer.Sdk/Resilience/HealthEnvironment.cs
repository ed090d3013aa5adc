namespace IntegrationLayer.Sdk.Resilience;

/// <summary>What all circuit breakers share.</summary>
/// <param name="Options">Gives the settings in force.</param>
/// <param name="Time">The clock.</param>
/// <param name="Random">Spreads pauses.</param>
/// <param name="Observers">Who is told of changes.</param>
internal sealed record HealthEnvironment(Func<HealthOptions> Options, TimeProvider Time, RandomSource Random, IHealthObserver[] Observers)
{
    /// <summary>Doubles a time for each time before, up to a cap, and varies it.</summary>
    public TimeSpan Backoff(TimeSpan first, TimeSpan longest, int before, double jitter)
    {
        double factor = Math.Pow(2, Math.Min(before, 30));
        double bounded = Math.Min(first.Ticks * factor, longest.Ticks);
        double varied = jitter > 0 ? bounded * (1 + (jitter * ((2 * Random.NextPositive()) - 1))) : bounded;
        return TimeSpan.FromTicks((long)varied);
    }
}
