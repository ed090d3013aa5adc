using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Redis;
using IntegrationLayer.Sdk.Redis.Budgets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Evaluations.BudgetRace;

/// <summary>Watches the ledger while the race is on, and compares it with records and bill afterwards.</summary>
internal sealed class RaceAudit : IAsyncDisposable
{
    // After the race, when every reservation has expired: the clock of the ledger is set forward.
    private static readonly TimeSpan Soon = TimeSpan.FromHours(2);

    // Before the race: longer ago than the window of its budgets began.
    private static readonly TimeSpan LongBefore = TimeSpan.FromDays(400);

    private const int Batch = 500;

    private readonly RedisConnection _connection;
    private readonly RaceBudget _budget;
    private long _most;

    public RaceAudit(string redis, RaceBudget budget)
    {
        _connection = new RedisConnection(Options.Create(new RedisOptions { Configuration = redis }));
        _budget = budget;
    }

    /// <summary>Reads the counts now and then; a script keeps them within the limit at every instant in between.</summary>
    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        RedisKey key = new RedisCounter(_budget.Shared, "il").At(TimeProvider.System.GetUtcNow()).Counts;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                RedisValue[] counts = await (await _connection.GetDatabaseAsync()).HashGetAsync(key, ["c", "h"]);
                _most = Math.Max(_most, (long)counts[0] + (long)counts[1]);
            }
            catch (RedisException)
            {
                // Killed or paused; it is looked at again.
            }
            catch (TimeoutException)
            {
                // The same.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), CancellationToken.None);
        }
    }

    /// <summary>Makes the budgets known as unspent from before this year, so that no call has to ask the records.</summary>
    public async Task BeginAsync()
    {
        await using RedisBudgetLedger ledger = CreateLedger(-LongBefore);
        await ledger.GetUsageAsync([_budget.Shared], CancellationToken.None);
    }

    /// <summary>Compares.</summary>
    /// <param name="bill">The provider's bill.</param>
    /// <param name="folder">The usage records.</param>
    /// <param name="killed">The processes that were killed.</param>
    public async Task<RaceReport> CompareAsync(IReadOnlyDictionary<string, long> bill, string folder, IReadOnlySet<string> killed)
    {
        await using RedisBudgetLedger ledger = CreateLedger(Soon);
        (long settled, long held) = Counts((await ledger.GetUsageAsync([_budget.Shared], CancellationToken.None))[0]);
        var report = new RaceReport(_budget.Shared.Count, settled, held) { Requests = bill.Count, Billed = bill.Values.Sum() };
        long charged = 0;
        foreach (RaceCall[] calls in RaceCall.Read(folder, bill).Chunk(Batch))
        {
            IReadOnlyList<BudgetUsage> usage = await ledger.GetUsageAsync([.. calls.Select(c => RaceBudget.AccountOf(c.Id))], CancellationToken.None);
            for (int i = 0; i < calls.Length; i++)
            {
                (long used, _) = Counts(usage[i]);
                charged += used;
                int verdict = calls[i].Judge(used, killed.Contains(calls[i].Process));
                report = report with { DoubleSettled = report.DoubleSettled + Math.Max(0, verdict), Lost = report.Lost + Math.Max(0, -verdict) };
            }
        }

        // What the calls' own accounts were charged must have been charged to the shared one, once.
        return report with
        {
            Overspend = Math.Max(0, Math.Max(_most, settled + held) - report.Limit),
            DoubleSettled = report.DoubleSettled + (settled > charged ? 1 : 0),
            Lost = report.Lost + (settled < charged ? 1 : 0),
        };
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static (long Used, long Held) Counts(BudgetUsage usage) => (BudgetAmount.ToNanoUsd(usage.Used), BudgetAmount.ToNanoUsd(usage.Held));

    private RedisBudgetLedger CreateLedger(TimeSpan shift) => new(new RedisBudgetParts(
        _connection,
        new RedisBudgetOptions { Timeout = TimeSpan.FromSeconds(30) },
        _budget,
        new BudgetObservers([], NullLogger<BudgetObservers>.Instance),
        new RedisBudgetEnvironment(TimeProvider.System, NullLoggerFactory.Instance) { Shift = () => (long)shift.TotalMilliseconds }));
}
