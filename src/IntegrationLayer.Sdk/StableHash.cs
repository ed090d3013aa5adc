using System.Numerics;
using System.Runtime.InteropServices;

namespace IntegrationLayer.Sdk;

/// <summary>A hash that is the same in every process and at every start, so that all of them send the same thing to the same place. Not for secrets.</summary>
internal static class StableHash
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    /// <summary>Hashes a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="seed">What came before it.</param>
    public static ulong Of(ReadOnlySpan<char> text, ulong seed = 0)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<char, ulong>(text);
        ulong hash = seed + ((ulong)text.Length * Multiplier);
        foreach (ulong word in words)
        {
            hash = BitOperations.RotateLeft((hash ^ word) * Multiplier, 29);
        }

        foreach (char rest in text[(words.Length * 4)..])
        {
            hash = BitOperations.RotateLeft((hash ^ rest) * Multiplier, 29);
        }

        return Mix(hash);
    }

    /// <summary>Spreads every bit over all: SplitMix64's finaliser (Steele, Lea and Flood 2014).</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
