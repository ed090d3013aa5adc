using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.TestSupport.Budgets;
using IntegrationLayer.Sdk.TestSupport.Redis;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Redis.Tests.Budgets;

/// <summary>The contract of ledgers, with leases.</summary>
internal abstract class LeasingLedgerContract : BudgetLedgerContract, IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 18, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(2);

    private readonly FakeTimeProvider _time = new(Start);
    private LedgerHost _host = null!;
    private PromptLedger _ledger = null!;

    /// <summary>The server.</summary>
    protected abstract RedisServer Server { get; }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    protected override Task<IBudgetLedger> CreateAsync()
    {
        _host = new LedgerHost(Server) { Time = _time, Options = { LeaseDuration = 2.5 * Step } };
        _host.SetClock(Start);
        _ledger = new PromptLedger(_host.CreateLeasing(PromptLedger.Eager, Observer));
        return Task.FromResult<IBudgetLedger>(_ledger);
    }

    // Leases are renewed meanwhile; once there is none, nothing happens any more.
    protected override async Task AdvanceAsync(TimeSpan time)
    {
        while (time > TimeSpan.Zero)
        {
            TimeSpan step = _ledger.HasLeases && time > Step ? Step : time;
            _time.Advance(step);
            _host.Advance(step);
            time -= step;
            await _ledger.RenewAsync();
        }
    }
}
