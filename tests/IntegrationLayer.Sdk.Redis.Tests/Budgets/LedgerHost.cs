using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Redis.Budgets;
using IntegrationLayer.Sdk.TestSupport.Redis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Redis.Tests.Budgets;

/// <summary>Ledgers on one Redis, as processes would have them, with a clock of the server's that tests move.</summary>
internal sealed class LedgerHost(RedisServer server) : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _made = [];
    private readonly string _prefix = Guid.NewGuid().ToString("N");
    private long _shift;

    public FakeHistory History { get; } = new();

    public RedisBudgetOptions Options { get; } = new() { Timeout = TimeSpan.FromSeconds(20) };

    /// <summary>The processes' clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Sets the server's clock, as scripts see it.</summary>
    public void SetClock(DateTimeOffset time) => _shift = (long)(time - TimeProvider.System.GetUtcNow()).TotalMilliseconds;

    public void Advance(TimeSpan time) => Interlocked.Add(ref _shift, (long)time.TotalMilliseconds);

    public RedisConnection Connect(string settings = "")
    {
        RedisConnection connection = new(Microsoft.Extensions.Options.Options.Create(new RedisOptions { Configuration = $"{server.ConnectionString},{settings}", KeyPrefix = _prefix }));
        _made.Add(connection);
        return connection;
    }

    public RedisBudgetParts PartsOf(RedisConnection connection, params IBudgetObserver[] observers) => new(
        connection,
        Options,
        History.IsMissing ? null : History,
        new BudgetObservers(observers, NullLogger<BudgetObservers>.Instance),
        new RedisBudgetEnvironment(Time, Loggers) { Shift = () => Volatile.Read(ref _shift) });

    /// <summary>Gets the connection of the ledger that was made last.</summary>
    public RedisConnection Connection { get; private set; } = null!;

    public RedisBudgetLedger CreateLedger(params IBudgetObserver[] observers)
    {
        Connection = Connect();
        RedisBudgetLedger ledger = new(PartsOf(Connection, observers));
        _made.Add(ledger);
        return ledger;
    }

    /// <summary>Makes a ledger that leases, which does nothing by itself unless it is given the default tuning.</summary>
    public LeasingBudgetLedger CreateLeasing(LeaseTuning? tuning, params IBudgetObserver[] observers)
    {
        Connection = Connect();
        LeasingBudgetLedger ledger = new(PartsOf(Connection, observers), tuning ?? new LeaseTuning(), isManual: tuning is not null);
        _made.Add(ledger);
        return ledger;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable made in Enumerable.Reverse(_made))
        {
            await made.DisposeAsync();
        }
    }
}
