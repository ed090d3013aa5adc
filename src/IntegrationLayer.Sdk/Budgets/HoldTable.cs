namespace IntegrationLayer.Sdk.Budgets;

/// <summary>The reservations of the ledger in memory, found by number and used again and again, so that reserving allocates nothing.</summary>
internal sealed class HoldTable
{
    private readonly object _gate = new();
    private BudgetHold[] _slots = [];
    private BudgetHold? _free;
    private int _count;

    /// <summary>Gets all holds there ever were, free ones too.</summary>
    public ReadOnlySpan<BudgetHold> All => Volatile.Read(ref _slots).AsSpan(0, Volatile.Read(ref _count));

    /// <summary>Gets a hold that nobody uses.</summary>
    public BudgetHold Rent()
    {
        // Monitors, not System.Threading.Lock: the systematic tests control them.
        lock (_gate)
        {
            if (_free is { } free)
            {
                (_free, free.NextFree) = (free.NextFree, null);
                return free;
            }

            if (_count == BudgetHold.MaxSlots)
            {
                throw new BudgetUnavailableException($"{_count} calls hold budgets at the same time, more than the ledger can tell apart. Settle reservations, or let them live shorter.");
            }

            if (_count == _slots.Length)
            {
                var larger = new BudgetHold[Math.Max(16, 2 * _count)];
                _slots.CopyTo(larger, 0);
                Volatile.Write(ref _slots, larger);
            }

            var hold = new BudgetHold(_count);
            _slots[_count] = hold;
            Volatile.Write(ref _count, _count + 1);
            return hold;
        }
    }

    /// <summary>Takes a hold back.</summary>
    public void Return(BudgetHold hold)
    {
        hold.Clear();
        lock (_gate)
        {
            hold.NextFree = _free;
            _free = hold;
        }
    }

    /// <summary>Finds the hold that an identifier points to, which may have been used for another since.</summary>
    public BudgetHold? Find(long id) => BudgetHold.SlotOf(id) is var slot && id != 0 && slot < All.Length ? All[slot] : null;
}
