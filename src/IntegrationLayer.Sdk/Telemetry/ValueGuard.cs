using System.Collections.Concurrent;

namespace IntegrationLayer.Sdk.Telemetry;

/// <summary>Keeps an attribute within its maximum: the first values are taken, all later ones, and those of more than 128 characters, are <see cref="AttributeSpec.Other"/>. Safe for concurrent use, and never forgets.</summary>
internal sealed class ValueGuard(int maximum)
{
    // What is reported is kept, and exported again and again.
    private const int LongestValue = 128;

    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);
    private int _left = maximum - 1;

    /// <summary>Gets a value that may be reported: the one object that stands for it.</summary>
    public string Admit(string? value) => value is null or "" ? AttributeSpec.Other : _known.TryGetValue(value, out string? known) ? known : Add(value);

    private string Add(string value)
    {
        if (value.Length > LongestValue || Volatile.Read(ref _left) <= 0 || Interlocked.Decrement(ref _left) < 0)
        {
            return AttributeSpec.Other;
        }

        // Whoever comes second gets the first one's object; its place is lost, which keeps within the maximum.
        return _known.GetOrAdd(value, value);
    }
}
