namespace IntegrationLayer.Sdk.Budgets;

/// <summary>One reservation of the ledger in memory. Reused for others once it is settled; guarded by its own lock, which comes before those of counters.</summary>
/// <param name="slot">Its place in the table.</param>
internal sealed class BudgetHold(int slot)
{
    private const int SlotBits = 24;

    private HeldCount[] _entries = new HeldCount[4];
    private int _generation;
    private long _id;

    /// <summary>Gets the largest number of holds that identifiers can tell apart.</summary>
    public static int MaxSlots => 1 << SlotBits;

    /// <summary>Gets the limits that it is held against, in the order in which their counters are locked.</summary>
    public Span<HeldCount> Entries => _entries.AsSpan(0, Count);

    public int Count { get; private set; }

    public BudgetHold? NextFree { get; set; }

    /// <summary>Gets or sets the timestamp from which on it is expired, and later forgotten.</summary>
    public long Until { get; set; }

    /// <summary>Gets or sets a value indicating whether its call went out.</summary>
    public bool IsSent { get; set; }

    /// <summary>Gets or sets a value indicating whether it expired; a late settlement still corrects what it was charged.</summary>
    public bool HasExpired { get; set; }

    /// <summary>Gets a value indicating whether it is in use.</summary>
    public bool IsOpen => Volatile.Read(ref _id) != 0;

    /// <summary>Gets the slot that an identifier points to.</summary>
    public static int SlotOf(long id) => (int)(id & (MaxSlots - 1));

    /// <summary>Tells whether an identifier still means this hold.</summary>
    public bool Is(long id) => _id == id;

    /// <summary>Adds a limit, keeping the order of counters.</summary>
    public void Add(CountedLimit limit, int index)
    {
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Count * 2);
        }

        int at = Count++;
        for (; at > 0 && _entries[at - 1].Limit.Counter.Order > limit.Counter.Order; at--)
        {
            _entries[at] = _entries[at - 1];
        }

        _entries[at] = new HeldCount(limit, index);
    }

    /// <summary>Makes it known by a new identifier, until a timestamp.</summary>
    public long Open(long until)
    {
        Until = until;
        _generation = _generation == int.MaxValue ? 1 : _generation + 1;
        long id = ((long)_generation << SlotBits) | (uint)slot;
        Volatile.Write(ref _id, id);
        return id;
    }

    /// <summary>Forgets everything, for the next one.</summary>
    public void Clear()
    {
        Volatile.Write(ref _id, 0);
        Entries.Clear();
        (Count, IsSent, HasExpired) = (0, false, false);
    }
}
