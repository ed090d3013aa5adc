using System.Security.Cryptography;

namespace IntegrationLayer.Sdk;

/// <summary>Random numbers for spreading load and waits: SplitMix64 (Steele, Lea and Flood 2014), lock-free. Not for secrets.</summary>
internal sealed class RandomSource
{
    private const ulong Increment = 0x9E3779B97F4A7C15;

    private ulong _state;

    public RandomSource()
        : this(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))))
    {
    }

    /// <summary>Starts a sequence that repeats, for tests and simulations.</summary>
    public RandomSource(ulong seed) => _state = seed;

    /// <summary>Gets a number over 0, up to and including 1.</summary>
    public double NextPositive()
    {
        double number = 0;
        NextPositive(new Span<double>(ref number));
        return number;
    }

    /// <summary>Gets numbers over 0, up to and including 1.</summary>
    public void NextPositive(Span<double> numbers)
    {
        ulong state = Interlocked.Add(ref _state, unchecked(Increment * (ulong)numbers.Length)) - unchecked(Increment * (ulong)numbers.Length);
        for (int i = 0; i < numbers.Length; i++)
        {
            ulong z = state += Increment;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            z ^= z >> 31;
            numbers[i] = ((z >> 11) + 1) * (1.0 / (1UL << 53));
        }
    }
}
