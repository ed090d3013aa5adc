namespace IntegrationLayer.Sdk.Costing;

/// <summary>Remembers small counts by a 64-bit fingerprint, in a table of fixed size where the newer entry replaces the older.</summary>
/// <remarks>
/// Safe for many threads without locks, because an entry is a single 64-bit word: the upper bits of the fingerprint and the count.
/// Two of <c>2^n</c> different fingerprints are taken for one another with a probability of 2⁻⁴⁴, which for an estimate doesn't matter.
/// </remarks>
internal sealed class CountMemory
{
    /// <summary>Counts from here on are not remembered.</summary>
    public const int Limit = 1 << CountBits;

    private const int CountBits = 20;

    private readonly ulong[] _entries;

    /// <summary>Creates a memory.</summary>
    /// <param name="bits">The binary logarithm of the number of entries of eight bytes.</param>
    public CountMemory(int bits) => _entries = new ulong[1 << bits];

    /// <summary>Finds a count.</summary>
    /// <param name="fingerprint">What was counted.</param>
    /// <param name="count">The count, when found.</param>
    /// <returns>Whether it is remembered.</returns>
    public bool TryGet(ulong fingerprint, out int count)
    {
        ulong entry = Volatile.Read(ref _entries[(int)fingerprint & (_entries.Length - 1)]);
        count = (int)(entry & (Limit - 1));
        return entry >> CountBits == fingerprint >> CountBits && count > 0;
    }

    /// <summary>Remembers a count.</summary>
    /// <param name="fingerprint">What was counted.</param>
    /// <param name="count">The count.</param>
    public void Set(ulong fingerprint, int count)
    {
        if (count is > 0 and < Limit)
        {
            Volatile.Write(ref _entries[(int)fingerprint & (_entries.Length - 1)], (fingerprint >> CountBits << CountBits) | (uint)count);
        }
    }
}
