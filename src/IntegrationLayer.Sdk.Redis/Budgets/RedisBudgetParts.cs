using IntegrationLayer.Sdk.Budgets;
using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>What the ledger in Redis is made of.</summary>
internal sealed class RedisBudgetParts
{
    private readonly RedisConnection _connection;
    private readonly TimeProvider _timeProvider;
    private readonly ILoggerFactory _loggers;

    /// <param name="connection">The shared connection.</param>
    /// <param name="options">The settings.</param>
    /// <param name="history">What unknown budgets are rebuilt from, if there is any.</param>
    /// <param name="observers">Who is told of events.</param>
    /// <param name="environment">The clock and the log; tests move the server's clock.</param>
    public RedisBudgetParts(
        RedisConnection connection, RedisBudgetOptions options, IBudgetHistory? history, BudgetObservers observers, RedisBudgetEnvironment environment)
    {
        (_connection, _timeProvider, _loggers) = (connection, environment.TimeProvider, environment.Loggers);
        Clock = new RedisClock(_timeProvider) { Shift = environment.Shift };
        LeaseDuration = options.LeaseDuration;
        Counters = new RedisCounters(connection.KeyPrefix);
        Store = new RedisBudgetStore(new RedisDependency(connection, "budgets", options.Timeout, _timeProvider), Clock);
        Events = new RedisBudgetEvents(Store, Clock, observers);
        Outage = new RedisOutage(options, new InMemoryBudgetLedger(_timeProvider, observers), Events);
        Recovery = new RedisBudgetRecovery(Store, Clock, options, history, _loggers.CreateLogger<RedisBudgetRecovery>()) { EpochKey = $"{connection.KeyPrefix}:b1:epoch" };
    }

    public RedisClock Clock { get; }

    public TimeProvider TimeProvider => _timeProvider;

    /// <summary>Gets how long a lease is taken for.</summary>
    public TimeSpan LeaseDuration { get; }

    public RedisCounters Counters { get; }

    public RedisBudgetStore Store { get; }

    public RedisBudgetEvents Events { get; }

    public RedisOutage Outage { get; }

    public RedisBudgetRecovery Recovery { get; }

    public ILogger<T> CreateLogger<T>() => _loggers.CreateLogger<T>();

    public ValueTask<bool> IsClusterAsync() => _connection.IsClusterAsync();

    public RedisSettlements CreateSettlements(Func<Replacement, ValueTask> settle) => new(settle, _timeProvider, _loggers.CreateLogger<RedisSettlements>());

    /// <summary>Splits windows into groups that one script can work with: in a cluster, those of one partition; elsewhere, all.</summary>
    public async ValueTask<IReadOnlyList<IReadOnlyList<CountedWindow>>> SplitAsync(IReadOnlyList<CountedWindow> windows)
    {
        bool isOne = windows.Count < 2 || windows.All(w => w.Window.Counter.Partition == windows[0].Window.Counter.Partition);
        return isOne || !await _connection.IsClusterAsync().ConfigureAwait(false)
            ? [windows]
            : [.. windows.GroupBy(static w => w.Window.Counter.Partition, StringComparer.Ordinal).Select(static g => g.ToArray())];
    }
}
