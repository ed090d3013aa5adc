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
        (long settled, long held) = await ExpireAsync(ledger);
        var report = new RaceReport(_budget.Shared.Count, settled, held) { Requests = bill.Count, Billed = bill.Values.Sum() };
        IReadOnlyCollection<RaceCall> all = RaceCall.Read(folder, bill);
        return _budget.IsLeased
            ? await CompareProcessesAsync(ledger, all, killed, report)
            : await CompareCallsAsync(ledger, all, killed, report);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    // A script charges or releases some of the expired reservations, the next one more.
    private async Task<(long Settled, long Held)> ExpireAsync(RedisBudgetLedger ledger)
    {
        (long Settled, long Held) before, now = (-1, -1);
        do
        {
            before = now;
            now = Counts((await ledger.GetUsageAsync([_budget.Shared], CancellationToken.None))[0]);
        }
        while (now != before);
        return now;
    }

    // What the calls' own accounts were charged must have been charged to the shared one, once.
    private async Task<RaceReport> CompareCallsAsync(RedisBudgetLedger ledger, IReadOnlyCollection<RaceCall> all, IReadOnlySet<string> killed, RaceReport report)
    {
        long charged = 0;
        foreach (RaceCall[] calls in all.Chunk(Batch))
        {
            IReadOnlyList<BudgetUsage> usage = await ledger.GetUsageAsync([.. calls.Select(c => RaceBudget.AccountOf(c.Id))], CancellationToken.None);
            for (int i = 0; i < calls.Length; i++)
            {
                (long used, _) = Counts(usage[i]);
                charged += used;
                report = report.With(calls[i].Judge(used, killed.Contains(calls[i].Process)));
            }
        }

        return WithOverspend(report).With(report.Settled.CompareTo(charged));
    }

    // A process that lived is charged what its records say. One that was killed is charged what the provider billed at least, and what it had leased at most; the shared budget likewise.
    private async Task<RaceReport> CompareProcessesAsync(RedisBudgetLedger ledger, IReadOnlyCollection<RaceCall> all, IReadOnlySet<string> killed, RaceReport report)
    {
        foreach (IGrouping<string, RaceCall> process in all.GroupBy(static call => call.Process))
        {
            (long used, _) = Counts((await ledger.GetUsageAsync([RaceBudget.AccountOf(process.Key)], CancellationToken.None))[0]);
            (long billed, long recorded) = (process.Sum(static call => call.Billed), process.Sum(static call => call.Recorded));
            report = report.With(used < billed || used < recorded ? -1 : used > recorded && !killed.Contains(process.Key) ? 1 : 0);
        }

        long least = all.Sum(static call => call.Recorded);
        return WithOverspend(report).With(report.Settled < least ? -1 : report.Settled > least && killed.Count == 0 ? 1 : 0);
    }

    private RaceReport WithOverspend(RaceReport report) => report with { Overspend = Math.Max(0, Math.Max(_most, report.Settled + report.Held) - report.Limit) };

    private static (long Used, long Held) Counts(BudgetUsage usage) => (BudgetAmount.ToNanoUsd(usage.Used), BudgetAmount.ToNanoUsd(usage.Held));

    private RedisBudgetLedger CreateLedger(TimeSpan shift) => new(new RedisBudgetParts(
        _connection,
        new RedisBudgetOptions { Timeout = TimeSpan.FromSeconds(30) },
        _budget,
        new BudgetObservers([], NullLogger<BudgetObservers>.Instance),
        new RedisBudgetEnvironment(TimeProvider.System, NullLoggerFactory.Instance) { Shift = () => (long)shift.TotalMilliseconds }));
}
