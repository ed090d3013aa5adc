using System.Collections.Concurrent;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>
/// What this process knows to be no longer valid. Invalidations are numbered by stamps that grow; an answer bears the stamp that was known
/// when its request began, and is valid while none of its labels was invalidated at a later one. So an answer that was asked for before an
/// invalidation and arrives after it isn't given to anybody.
/// </summary>
/// <remarks>
/// Stamps are microseconds of a clock that never goes back: that of who numbers for all processes, or else this process's own. An answer of another
/// process bears a stamp of its own clock then; where that is behind, it is asked for once more.
/// </remarks>
internal sealed class CacheInvalidations(CacheKeyRing ring, TimeProvider timeProvider)
{
    // Beyond it, the oldest are forgotten, and with them all answers of their time.
    private const int MostLabels = 10_000;

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<ulong, long> _stamps = [];
    private ulong[] _unnumbered = [];
    private long _floor;
    private long _highest;
    private long _current;

    /// <summary>Raised after something was made invalid, here or by another process, with how many labels it had.</summary>
    public event Action<int>? Invalidated;

    /// <summary>Gets the stamp of what is asked for now.</summary>
    public long Current => Volatile.Read(ref _current);

    /// <summary>Says whether an answer may still be given.</summary>
    public bool Allows(CachedAnswer answer, CacheKey key) =>
        IsUntouched(answer) || Allows(answer, CacheKeyRing.LabelOf(key.Digest));

    /// <summary>Says whether an answer may still be given.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="key">The label of the key under which it was kept.</param>
    public bool Allows(CachedAnswer answer, ulong key)
    {
        if (IsUntouched(answer))
        {
            return true;
        }

        long current = Current;
        ulong[] unnumbered = Volatile.Read(ref _unnumbered);
        if (answer.Stamp < Volatile.Read(ref _floor) || IsLater(key, answer.Stamp) || unnumbered.Contains(key))
        {
            return false;
        }

        foreach (ulong label in answer.LabelsBy(ring))
        {
            if (IsLater(label, answer.Stamp) || unnumbered.Contains(label))
            {
                return false;
            }
        }

        answer.Stamp = Math.Max(answer.Stamp, current);
        return true;
    }

    /// <summary>Takes note of an invalidation that this process numbers itself.</summary>
    public void Add(ReadOnlySpan<ulong> labels)
    {
        lock (_gate)
        {
            long stamp = Math.Max(Math.Max(_highest, _current) + 1, MicrosecondsOf(timeProvider.GetUtcNow()));
            Note(labels, stamp);
            Volatile.Write(ref _current, stamp);
        }

        Invalidated?.Invoke(labels.Length);
    }

    /// <summary>Takes note of an invalidation that is about to be numbered for all processes: until it is, what it labels is given to nobody.</summary>
    public void AddUnnumbered(ReadOnlySpan<ulong> labels)
    {
        lock (_gate)
        {
            Volatile.Write(ref _unnumbered, [.. _unnumbered, .. labels]);
        }
    }

    /// <summary>Takes note that such an invalidation has its number, which is known by now.</summary>
    public void EndUnnumbered(ReadOnlySpan<ulong> labels)
    {
        lock (_gate)
        {
            List<ulong> left = [.. _unnumbered];
            foreach (ulong label in labels)
            {
                left.Remove(label);
            }

            Volatile.Write(ref _unnumbered, [.. left]);
        }
    }

    /// <summary>Takes note of what is numbered for all processes.</summary>
    /// <param name="invalidated">Labels, each with the stamp of its last invalidation.</param>
    /// <param name="floor">The stamp before which nobody knows any more what was invalidated: what is older is given to nobody.</param>
    /// <param name="current">The stamp up to which everything is known now.</param>
    public void Learn(IReadOnlyCollection<KeyValuePair<ulong, long>> invalidated, long floor, long current)
    {
        int changed = 0;
        bool isFirst;
        lock (_gate)
        {
            isFirst = _current == 0;
            foreach ((ulong label, long stamp) in invalidated)
            {
                changed += Note([label], stamp);
            }

            if (floor > _floor)
            {
                changed++;
                Volatile.Write(ref _floor, floor);
                Volatile.Write(ref _highest, Math.Max(_highest, floor));
            }

            Volatile.Write(ref _current, Math.Max(_current, current));
        }

        // What was invalid before this process began is no news.
        if (changed > 0 && !isFirst)
        {
            Invalidated?.Invoke(changed);
        }
    }

    private static long MicrosecondsOf(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;

    // Nothing has happened since it was last looked at: nearly always.
    private bool IsUntouched(CachedAnswer answer) => answer.Stamp >= Volatile.Read(ref _highest) && Volatile.Read(ref _unnumbered).Length == 0;

    private bool IsLater(ulong label, long stamp) => _stamps.TryGetValue(label, out long invalidated) && invalidated > stamp;

    private int Note(ReadOnlySpan<ulong> labels, long stamp)
    {
        int changed = 0;
        foreach (ulong label in labels)
        {
            if (!_stamps.TryGetValue(label, out long known) || known < stamp)
            {
                _stamps[label] = stamp;
                changed++;
            }
        }

        Volatile.Write(ref _highest, Math.Max(_highest, stamp));
        if (_stamps.Count > MostLabels)
        {
            ForgetOldest();
        }

        return changed;
    }

    private void ForgetOldest()
    {
        KeyValuePair<ulong, long>[] oldest = [.. _stamps.OrderBy(s => s.Value).Take(MostLabels / 2)];
        Volatile.Write(ref _floor, Math.Max(_floor, oldest[^1].Value));
        foreach ((ulong label, _) in oldest)
        {
            _stamps.TryRemove(label, out _);
        }
    }
}
