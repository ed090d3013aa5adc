using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Telemetry;
using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>The third step of each attempt: holds back the most that it may cost, and settles what it did cost.</summary>
internal sealed class BudgetStep(IBudgetPolicy policy, IBudgetLedger ledger, LlmTelemetry telemetry, ILogger<LlmPipeline> logger)
{
    /// <summary>Gets the limits that cover a request.</summary>
    public IReadOnlyList<BudgetLimit> LimitsOf(LlmRequest request) => policy.LimitsOf(request);

    /// <summary>Holds back what the best affordable of the ranked deployments may cost at most. A ledger may be remote, and so be what the deadline ends.</summary>
    public async ValueTask<BudgetReservation> ReserveAsync(IReadOnlyList<BudgetLimit> limits, IReadOnlyList<RankedDeployment> standby, Deadline deadline)
    {
        try
        {
            return await ledger.ReserveAsync(limits, new MaxCosts(standby), deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (deadline.Explain(e) is not null)
        {
            throw deadline.NotSent(e);
        }
    }

    /// <summary>Charges what an attempt cost, and releases the rest of what was held back for it.</summary>
    /// <remarks>The caller's token may be what ended the call, so settling doesn't listen to it; and it must not hide the call's own failure.</remarks>
    public async ValueTask SettleAsync(CallRecord call, LlmCost cost)
    {
        if (call.Reservation.Id is null)
        {
            return;
        }

        // What nobody can price is not free: all that was held back for it is spent.
        decimal spent = cost.Status is PriceStatus.Unknown ? call.Reservation.GrantedUsd : cost.Usd;
        try
        {
            await ledger.SettleAsync(call.Reservation, spent, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            telemetry.SettleFailed();
            Log.SettleFailed(logger, call.RequestId, spent, e);
        }
    }
}
