namespace IntegrationLayer.Sdk.Evaluations.Availability;

/// <summary>Seeded dice for several threads: what waited for one moment may go on on more than one.</summary>
internal sealed class SharedRandom(int seed) : Random
{
    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);

    public override double NextDouble()
    {
        lock (_gate)
        {
            return _random.NextDouble();
        }
    }
}
