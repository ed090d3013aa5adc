using System.Buffers;
using IntegrationLayer.Sdk.Budgets;

namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>The accounts that a demand's limits are spent from; limits of one counter share one, that of the smallest.</summary>
internal readonly ref struct LeaseAccounts
{
    private readonly (LeaseAccount Account, int Limit)[] _rented;
    private readonly int _count;

    public LeaseAccounts(RedisBudgetParts parts, LeaseBook book, IReadOnlyList<BudgetLimit> limits)
    {
        DateTimeOffset now = parts.Clock.Now;
        _rented = ArrayPool<(LeaseAccount, int)>.Shared.Rent(limits.Count);
        for (int i = 0; i < limits.Count; i++)
        {
            RedisWindow window = parts.Counters.Of(limits[i]).At(now);
            LeaseAccount account = window.Account is { IsClosed: false } known
                ? known
                : window.Account = book.AccountOf(new CountedWindow(window, [(limits[i], i)]));
            if (IsShared(account.Name))
            {
                _count = Merge(parts.Counters.At(now, limits), book);
                return;
            }

            _rented[_count++] = (account, i);
        }
    }

    public ReadOnlySpan<(LeaseAccount Account, int Limit)> Span => _rented.AsSpan(0, _count);

    public void Dispose() => ArrayPool<(LeaseAccount, int)>.Shared.Return(_rented, clearArray: true);

    private bool IsShared(string name)
    {
        foreach ((LeaseAccount account, _) in Span)
        {
            if (account.Name == name)
            {
                return true;
            }
        }

        return false;
    }

    private int Merge(List<CountedWindow> windows, LeaseBook book)
    {
        for (int i = 0; i < windows.Count; i++)
        {
            _rented[i] = (book.AccountOf(windows[i]), windows[i].Limits[0].Index);
        }

        return windows.Count;
    }
}
