namespace IntegrationLayer.Sdk.Models;

/// <summary>Which deployments have lately read which beginnings of prompts, and so are likely to have them in their prompt caches. As far as this process knows. Safe for concurrent use, without locks.</summary>
/// <remarks>A table of fixed size, made when it is first needed: what falls on the same place pushes out what was there, which costs a discount at worst.</remarks>
internal sealed class PromptCacheTable(TimeProvider time)
{
    private const int Size = 1 << 13;

    private Entry[]? _entries;

    /// <summary>Gets a value indicating whether nothing was ever noted.</summary>
    public bool IsEmpty => Volatile.Read(ref _entries) is null;

    /// <summary>Notes that a deployment has read a beginning.</summary>
    /// <param name="prefix">The beginning.</param>
    /// <param name="deployment">The deployment.</param>
    /// <param name="lifetime">How long its provider is likely to keep it.</param>
    public void Note(ulong prefix, Deployment deployment, TimeSpan lifetime) => NoteKey(KeyOf(prefix, deployment), lifetime);

    /// <summary>Notes that a beginning was sent, to whomever.</summary>
    public void Note(ulong prefix, TimeSpan lifetime) => NoteKey(StableHash.Mix(prefix) | 1, lifetime);

    /// <summary>Says whether a deployment is likely to have a beginning in its cache.</summary>
    public bool IsWarm(ulong prefix, Deployment deployment) => IsWarmKey(KeyOf(prefix, deployment));

    /// <summary>Says whether a beginning was sent lately.</summary>
    public bool IsWarm(ulong prefix) => IsWarmKey(StableHash.Mix(prefix) | 1);

    private static ulong KeyOf(ulong prefix, Deployment deployment) => StableHash.Mix(prefix ^ deployment.Hash) | 1;

    private void NoteKey(ulong key, TimeSpan lifetime)
    {
        Entry[] entries = Volatile.Read(ref _entries) ?? Interlocked.CompareExchange(ref _entries, new Entry[Size], null) ?? _entries!;
        ref Entry entry = ref entries[key % Size];
        Volatile.Write(ref entry.Key, 0);
        Volatile.Write(ref entry.Until, time.GetTimestamp() + (long)(lifetime.TotalSeconds * time.TimestampFrequency));
        Volatile.Write(ref entry.Key, key);
    }

    private bool IsWarmKey(ulong key)
    {
        if (Volatile.Read(ref _entries) is not { } entries)
        {
            return false;
        }

        ref Entry entry = ref entries[key % Size];
        return Volatile.Read(ref entry.Key) == key && time.GetTimestamp() < Volatile.Read(ref entry.Until) && Volatile.Read(ref entry.Key) == key;
    }

    private struct Entry
    {
        public ulong Key;
        public long Until;
    }
}
