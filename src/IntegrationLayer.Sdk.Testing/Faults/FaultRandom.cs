namespace IntegrationLayer.Sdk.Testing.Faults;

/// <summary>
/// Numbers that depend on nothing but the seed and what they are for: the mixing function of SplitMix64 (Steele, Lea and Flood 2014). Which
/// connection is hit by what is then the same in every run, however threads take turns.
/// </summary>
internal sealed class FaultRandom(long seed)
{
    /// <summary>A number from 0 to less than 1.</summary>
    /// <param name="connection">The number of the connection.</param>
    /// <param name="toxic">The number of the toxic.</param>
    /// <param name="draw">Which draw it is for these two.</param>
    public double Next(int connection, int toxic, int draw)
    {
        ulong mixed = Mix(Mix(Mix(unchecked((ulong)seed)) ^ (uint)connection) ^ (uint)toxic) ^ (uint)draw;
        return (Mix(mixed) >> 11) * (1.0 / (1UL << 53));
    }

    private static ulong Mix(ulong value)
    {
        ulong z = unchecked(value + 0x9E3779B97F4A7C15);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    }
}
