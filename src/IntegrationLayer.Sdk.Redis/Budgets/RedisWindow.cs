using IntegrationLayer.Sdk.Budgets;
using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>One window of a counter: its keys, and what scripts must know of it.</summary>
internal sealed class RedisWindow(RedisCounter counter, string name, RedisValue mode, long from, long to)
{
    private const int Parts = 60;

    /// <summary>How many arguments of a script describe a window.</summary>
    public const int Arguments = 3;

    /// <summary>How many keys a window has.</summary>
    public const int Keys = 3;

    public RedisCounter Counter => counter;

    /// <summary>Gets the calendar period; <see langword="null"/> for other windows.</summary>
    public BudgetPeriod? Period { get; init; }

    /// <summary>Gets a value indicating whether it is a rolling window.</summary>
    public bool IsRolling => mode == "r";

    /// <summary>Gets or sets what this process spends it from by leases, as it was found last.</summary>
    public LeaseAccount? Account { get; set; }

    /// <summary>Gets the key of its counts.</summary>
    public RedisKey Counts { get; } = name;

    /// <summary>Gets the key of the times at which its reservations expire.</summary>
    public RedisKey Expiries { get; } = name + ":expiries";

    /// <summary>Gets the key of the leases that processes have taken.</summary>
    public RedisKey Leases { get; } = name + ":leases";

    /// <summary>Gets the stretch of time that usage records must be summed up over to know it.</summary>
    public BudgetPeriod Span(DateTimeOffset now) =>
        Period ?? new BudgetPeriod(mode == "r" ? now - TimeSpan.FromMilliseconds(to * (Parts + 1)) : DateTimeOffset.MinValue, now);

    /// <summary>Gets how long a sixtieth of a rolling window is, rounded up.</summary>
    public static long MillisecondsOfPart(TimeSpan length) => Math.Max(1, (long)Math.Ceiling(length.TotalMilliseconds / Parts));

    public void AddKeys(List<RedisKey> keys)
    {
        keys.Add(Counts);
        keys.Add(Expiries);
        keys.Add(counter.Register);
    }

    public void AddArguments(List<RedisValue> arguments)
    {
        arguments.Add(mode);
        arguments.Add(from);
        arguments.Add(to);
    }

    /// <summary>Gets the key that says that a threshold was reported.</summary>
    public RedisKey Reported(BudgetLimit limit, int threshold) => $"{name}:reported:{limit.Count}:{threshold}";

    /// <summary>Gets how long that must be known.</summary>
    public TimeSpan? ReportedFor(DateTimeOffset now) => Period is { } period ? period.End - now + TimeSpan.FromDays(1)
        : mode == "r" ? TimeSpan.FromMilliseconds(to * Parts)
        : null;
}
