using BenchmarkDotNet.Attributes;
using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Redis;
using IntegrationLayer.Sdk.Redis.Budgets;
using IntegrationLayer.Sdk.TestSupport.Redis;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Benchmarks;

/// <summary>One request's way through budgets that several processes share in a real Redis: by leases, and by asking for each. Goal with leases: at most 10 µs, which is 100,000 a second on one core.</summary>
[MemoryDiagnoser]
public class LeaseBenchmarks : IAsyncDisposable
{
    private RedisServer _server = null!;
    private RedisConnection _connection = null!;
    private LeasingBudgetLedger _leasing = null!;
    private RedisBudgetLedger _strict = null!;
    private BudgetDemand _demand;
    private long _asked;
    private long _all;

    /// <summary>How many limits cover the request.</summary>
    [Params(1, 4)]
    public int Limits { get; set; }

    [GlobalSetup]
    public async Task PrepareAsync()
    {
        _server = await RedisServer.StartNewAsync();
        _connection = new RedisConnection(Options.Create(new RedisOptions { Configuration = _server.ConnectionString }));
        RedisBudgetOptions options = new() { Unknown = UnknownBudgetPolicy.AssumeUnspent, Timeout = TimeSpan.FromSeconds(10) };
        RedisBudgetParts parts = new(_connection, options, history: null, new BudgetObservers([], NullLogger<BudgetObservers>.Instance), new RedisBudgetEnvironment(TimeProvider.System, NullLoggerFactory.Instance));
        _leasing = new LeasingBudgetLedger(parts, new LeaseTuning());
        _strict = new RedisBudgetLedger(parts);
        BudgetLimit[] all =
        [
            new(new BudgetScope(BudgetScopeKind.Organization, "all"), 100_000_000, BudgetWindow.Month()),
            new(new BudgetScope(BudgetScopeKind.Tenant, "acme"), 100_000_000, BudgetWindow.Month()),
            new(new BudgetScope(BudgetScopeKind.Team, "billing", "acme"), 100_000_000, BudgetWindow.Week()),
            new(new BudgetScope(BudgetScopeKind.User, "jo", "acme"), 100_000_000, BudgetWindow.Day()),
        ];
        _demand = new(all[..Limits], [new BudgetChoice(new BudgetAmount(0.002m, 2_000))], TimeSpan.FromMinutes(3));
    }

    [GlobalCleanup]
    public async Task EndAsync()
    {
        Console.WriteLine($"// {_asked:N0} of {_all:N0} requests with leases asked Redis");
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _leasing.DisposeAsync();
        await _strict.DisposeAsync();
        await _connection.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Benchmark]
    public async ValueTask<BudgetReservation> Leased()
    {
        BudgetReservation reservation = await RunAsync(_leasing);
        _all++;
        _asked += reservation.State is RedisHold ? 1 : 0;
        return reservation;
    }

    [Benchmark(Baseline = true)]
    public ValueTask<BudgetReservation> Asked() => RunAsync(_strict);

    private async ValueTask<BudgetReservation> RunAsync(IBudgetLedger ledger)
    {
        BudgetReservation reservation = await ledger.ReserveAsync(_demand, CancellationToken.None);
        await ledger.MarkSentAsync(reservation, CancellationToken.None);
        await ledger.SettleAsync(reservation, new BudgetAmount(0.001m, 1_200), CancellationToken.None);
        return reservation;
    }
}
