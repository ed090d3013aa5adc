namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>A window of a budget, as far as this process spends it by leases. Guarded by the lock of the <see cref="LeaseBook"/>.</summary>
/// <param name="window">The window and its limit.</param>
/// <param name="openedAt">A timestamp of now.</param>
internal sealed class LeaseAccount(CountedWindow window, long openedAt)
{
    // Scripts compare exactly up to 2^53.
    private const long MostLeased = 1L << 50;

    // Requests that come all at once say little of those to come.
    private const int Growth = 4;

    private long _taken;
    private bool _isUsed;
    private long _since = openedAt;

    /// <summary>Gets the window, and the limits that it was asked for with.</summary>
    public CountedWindow Window { get; private set; } = window;

    /// <summary>Gets the key of its counts.</summary>
    public string Name { get; } = (string)window.Window.Counts!;

    /// <summary>Gets or sets the lease that is reserved from.</summary>
    public Lease? Lease { get; set; }

    /// <summary>Gets how many requests had to ask Redis since the last look.</summary>
    public int Asked { get; private set; }

    /// <summary>Gets or sets a value indicating whether a lease, or more of it, is wanted.</summary>
    public bool IsWanting { get; private set; }

    /// <summary>Gets or sets the timestamp until which no lease is taken, because what is left is needed by all.</summary>
    public long TightUntil { get; set; } = long.MinValue;

    /// <summary>Gets or sets the timestamp until which nobody has anything idle of it.</summary>
    public long BareUntil { get; set; } = long.MinValue;

    /// <summary>Gets for how many looks nothing happened.</summary>
    public int IdleLooks { get; private set; }

    /// <summary>Gets or sets a value indicating whether it was given up, and stands in no book any more.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Gets the largest amount that was reserved.</summary>
    public long Largest { get; private set; } = 1;

    /// <summary>Gets how much is to be at hand: about a second's reservations, rising fourfold and falling by half at most with each look.</summary>
    public long Block { get; private set; }

    /// <summary>Takes in the limits that a request names: their thresholds are reported too.</summary>
    public void Cover(CountedWindow other)
    {
        if (!other.Limits.TrueForAll(limit => Window.Limits.Exists(known => known.Limit == limit.Limit)))
        {
            Window = Window with { Limits = [.. Window.Limits.UnionBy(other.Limits, static limit => limit.Limit)] };
        }
    }

    /// <summary>Tells whether a lease may be spent.</summary>
    public bool IsLeased(long now) => Lease is { } lease && now < lease.Until && !IsClosed;

    /// <summary>Tells whether the lease has so much.</summary>
    public bool Affords(long count) => Lease!.Free >= Math.Max(0, count) && (count >= 0 || Window.Most is null);

    /// <summary>Notes that some was reserved, out of the lease or by asking Redis.</summary>
    public void Taken(long count, bool isAsked)
    {
        _taken += count;
        _isUsed = true;
        Largest = Math.Max(Largest, count);
        Asked += isAsked ? 1 : 0;
    }

    /// <summary>Notes that a lease is wanted, or more of it, if there is little left.</summary>
    /// <returns>Whether that is news.</returns>
    public bool TryWant(long now)
    {
        if (IsWanting || now < TightUntil || (Lease is { } lease && lease.Free > Block / 2))
        {
            return false;
        }

        return IsWanting = true;
    }

    /// <summary>Writes the next message about the lease, or repeats the one that wasn't confirmed; none if nothing is leased or wanted.</summary>
    public LeaseMessage? Write(TimeProvider timeProvider, LeaseTuning tuning, bool isRecall, Func<LeaseAccount, Lease> create)
    {
        if (Lease?.Unconfirmed is { } again)
        {
            return again;
        }

        long now = timeProvider.GetTimestamp();
        bool isWanting = IsWanting && now >= TightUntil && !isRecall;
        IsWanting = false;
        if (Lease is null && !isWanting)
        {
            return null;
        }

        Lease lease = Lease ??= create(this);
        Size(now, timeProvider.GetElapsedTime, tuning);
        bool isAll = isRecall || now < TightUntil || IdleLooks >= tuning.IdleLooks;
        long back = Math.Max(0, isAll ? lease.Free : lease.Free - (2 * Block));
        long kept = Math.Max(lease.Held, lease.Granted - lease.Spent - back);
        long wanted = isWanting ? Block - (kept - lease.Held) : 0;
        long least = Times(Largest, tuning.Least);
        LeaseMessage message = new(lease, ++lease.Number, lease.Spent, kept)
        {
            Idle = kept - lease.Held,
            Wanted = wanted >= least ? wanted : 0,
            Least = least,
        };
        (lease.Granted, lease.Spent, lease.Unconfirmed) = (kept, 0, message);
        return message;
    }

    /// <summary>Notes how much of what was wanted was lent: where there is less, less is at hand.</summary>
    public void Got(long wanted, long more, long free) => Block = more < wanted ? Math.Min(Block, Math.Max(0, free)) : Block;

    /// <summary>Notes that it was looked at.</summary>
    public void Looked()
    {
        IdleLooks = _isUsed ? 0 : IdleLooks + 1;
        (_isUsed, Asked) = (false, 0);
    }

    // By what was taken since the last look.
    private void Size(long now, Func<long, long, TimeSpan> elapsed, LeaseTuning tuning)
    {
        double times = tuning.Horizon / TimeSpan.FromTicks(Math.Max(1, elapsed(_since, now).Ticks));
        long wanted = (long)Math.Min(MostLeased, _taken * Math.Max(1, times));
        long least = Times(Largest, tuning.Fewest);
        Block = Math.Clamp(Math.Max(wanted, Block / 2), least, Math.Max(least, Times(Block, Growth)));
        Largest = Math.Max(1, Largest - (Largest / 8));
        (_taken, _since) = (0, now);
    }

    private static long Times(long count, int times) => Math.Min(MostLeased, count <= MostLeased / times ? count * times : MostLeased);
}
