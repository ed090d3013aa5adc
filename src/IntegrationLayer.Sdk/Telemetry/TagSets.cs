using System.Collections.Concurrent;

namespace IntegrationLayer.Sdk.Telemetry;

/// <summary>The sets of attributes of an instrument, each made once. Beyond the limit, values are folded into those that stand for all others.</summary>
/// <param name="fold">Gives what stands for a key beyond the limit.</param>
/// <param name="build">Makes the set of a key.</param>
/// <param name="maximum">The limit.</param>
internal sealed class TagSets<TKey>(Func<TKey, TKey> fold, Func<TKey, KeyValuePair<string, object?>[]> build, int maximum = InstrumentSpec.MostSets)
    where TKey : struct, IEquatable<TKey>
{
    private readonly ConcurrentDictionary<TKey, KeyValuePair<string, object?>[]> _sets = new();
    private readonly SetLimit _limit = new(maximum);

    /// <summary>Gets the set of a key.</summary>
    public KeyValuePair<string, object?>[] Of(TKey key)
    {
        if (_sets.TryGetValue(key, out KeyValuePair<string, object?>[]? known))
        {
            return known;
        }

        TKey admitted = _limit.TryTake() ? key : fold(key);
        return _sets.GetOrAdd(admitted, build);
    }
}
