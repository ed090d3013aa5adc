using IntegrationLayer.Sdk.Budgets;

namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>A reservation in Redis: what its settlement must know.</summary>
/// <param name="id">Its name there, which no other process uses.</param>
/// <param name="windows">Where it is held.</param>
internal sealed class RedisHold(string id, IReadOnlyList<CountedWindow> windows)
{
    private int _isClosed;

    public string Id => id;

    public IReadOnlyList<CountedWindow> Windows => windows;

    /// <summary>Gets a value indicating whether it went on without being counted, while Redis was away.</summary>
    public bool IsUncounted { get; init; }

    /// <summary>Gets what stands for it in the allowance, if it went on without being counted.</summary>
    public BudgetReservation Allowance { get; init; }

    /// <summary>Gets a value indicating whether it was settled, or is about to be.</summary>
    public bool IsClosed => Volatile.Read(ref _isClosed) != 0;

    /// <summary>Gets what was granted.</summary>
    public BudgetAmount Granted { get; init; }

    /// <summary>Closes it; only one of several callers is told so.</summary>
    public bool TryClose() => Interlocked.Exchange(ref _isClosed, 1) == 0;
}
