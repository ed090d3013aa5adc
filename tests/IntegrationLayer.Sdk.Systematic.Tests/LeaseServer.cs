using IntegrationLayer.Sdk.Redis.Budgets;

namespace IntegrationLayer.Sdk.Systematic.Tests;

/// <summary>Lends parts of a budget in memory, as the script does in Redis.</summary>
/// <param name="limit">The limit.</param>
internal class LeaseServer(long limit)
{
    private readonly object _gate = new();
    private readonly Dictionary<string, (long Last, long Held)> _leases = [];

    /// <summary>What was used and what is lent.</summary>
    public (long Used, long Held) Counts
    {
        get
        {
            lock (_gate)
            {
                return (Used, _leases.Values.Sum(static lease => lease.Held));
            }
        }
    }

    private long Used { get; set; }

    /// <summary>Reads a message, which may come twice.</summary>
    public LeaseReply Read(LeaseMessage message)
    {
        lock (_gate)
        {
            (long last, long held) = _leases.GetValueOrDefault(message.Lease.Id);
            if (!IsNew(message, last))
            {
                return new LeaseReply(ReserveCode.Granted, last) { Held = held };
            }

            Used += message.Used;
            long others = _leases.Where(lease => lease.Key != message.Lease.Id).Sum(static lease => lease.Value.Held);
            long more = Math.Clamp(limit - Used - others - message.Kept, 0, message.Wanted);
            _leases[message.Lease.Id] = (message.Number, message.Kept + more);
            return new LeaseReply(ReserveCode.Granted, message.Number) { Held = message.Kept + more };
        }
    }

    /// <summary>Settles a lease, and forgets it.</summary>
    public void Settle(Lease lease)
    {
        lock (_gate)
        {
            Used += lease.Spent;
            _leases.Remove(lease.Id);
        }
    }

    /// <summary>Tells whether a message hasn't been read yet.</summary>
    protected virtual bool IsNew(LeaseMessage message, long last) => message.Number > last;
}
