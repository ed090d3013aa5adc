namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>The reservations out of leases that are open. Guarded by the lock of the <see cref="LeaseBook"/>.</summary>
internal sealed class LeasedHolds
{
    private readonly LeasedHold _head = new([], long.MaxValue);
    private long _earliestEnd = long.MaxValue;

    public LeasedHold Add(LeasedHold hold)
    {
        (hold.Next, hold.Previous) = (_head.Next, _head);
        _head.Next = hold;
        hold.Next?.Previous = hold;
        _earliestEnd = Math.Min(_earliestEnd, hold.Until);
        return hold;
    }

    public static void Remove(LeasedHold hold)
    {
        hold.Previous!.Next = hold.Next;
        hold.Next?.Previous = hold.Previous;
        (hold.Next, hold.Previous) = (null, null);
    }

    /// <summary>Takes out those whose time is over. Cheap while none is.</summary>
    public IReadOnlyList<LeasedHold> TakeExpired(long now)
    {
        if (now < _earliestEnd)
        {
            return [];
        }

        List<LeasedHold> expired = [];
        _earliestEnd = long.MaxValue;
        for (LeasedHold? hold = _head.Next, next; hold is not null; hold = next)
        {
            next = hold.Next;
            if (now >= hold.Until)
            {
                Remove(hold);
                expired.Add(hold);
            }
            else
            {
                _earliestEnd = Math.Min(_earliestEnd, hold.Until);
            }
        }

        return expired;
    }
}
