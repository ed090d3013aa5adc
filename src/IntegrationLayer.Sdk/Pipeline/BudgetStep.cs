using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Telemetry;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>The third step of each attempt: holds back the most that it may cost, and settles what it did cost.</summary>
internal sealed class BudgetStep(IBudgetPolicy policy, IBudgetLedger ledger, LlmTelemetry telemetry, BudgetWatch watch, ILogger<LlmPipeline> logger)
{
    private readonly OutputCaps _caps = new();

    // A reservation outlives its call by this much, so that a settlement that comes late still finds it.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    // Beyond it, what a request without a deadline holds is charged; its settlement corrects that.
    private static readonly TimeSpan LongestCall = TimeSpan.FromHours(1);

    /// <summary>Gets the limits that cover a request.</summary>
    public IReadOnlyList<BudgetLimit> LimitsOf(LlmRequest request) => policy.LimitsOf(request);

    /// <summary>Takes note of how long an answer was: where money is short, the next ones may have to do with a cap that fits it.</summary>
    public void Learn(CallRecord call, in RankedDeployment target, long tokens, ChatFinishReason? finish)
    {
        if (call.Reservation.IsHeld && call.Request.Kind is ModelKind.Chat)
        {
            _caps.Note(call.Request.Context.Operation, target.Deployment, tokens, wasCut: finish == ChatFinishReason.Length);
        }
    }

    /// <summary>Holds back what the best affordable of the ranked deployments may use at most, where money is short with a smaller cap on its answer.</summary>
    /// <returns>The reservation, whose choice is a position in the ranking, and the deployment.</returns>
    public async ValueTask<(BudgetReservation Reservation, RankedDeployment Target)> ReserveAsync(
        CostAnalysis costs, CallRecord call, IReadOnlyList<BudgetLimit> limits, IReadOnlyList<RankedDeployment> standby, CallTimer timer)
    {
        var full = RankedChoices.Of(standby, limits);
        if (!ReducedChoices.MayHelp(costs, _caps))
        {
            BudgetReservation granted = await ReserveAsync(call, limits, full, full, timer).ConfigureAwait(false);
            return (granted, standby[granted.Choice]);
        }

        var choices = new ReducedChoices(full, standby, costs, _caps);
        BudgetReservation reservation = await ReserveAsync(call, limits, full, choices, timer).ConfigureAwait(false);
        RankedDeployment target = choices.TargetOf(reservation.Choice, out int position);
        return (reservation with { Choice = position }, target);
    }

    /// <summary>Holds back what a deployment may use at most.</summary>
    public ValueTask<BudgetReservation> ReserveAsync(CallRecord call, IReadOnlyList<BudgetLimit> limits, RankedDeployment target, CallTimer timer)
    {
        var full = RankedChoices.Of([target], limits);
        return ReserveAsync(call, limits, full, full, timer);
    }

    // A ledger may be remote, and so be what the deadline ends.
    private async ValueTask<BudgetReservation> ReserveAsync(
        CallRecord call, IReadOnlyList<BudgetLimit> limits, RankedChoices full, IReadOnlyList<BudgetChoice> choices, CallTimer timer)
    {
        long since = call.Mark();
        TimeSpan timeToLive = (timer.Deadline.Remaining is var left && left < LongestCall ? left : LongestCall) + Margin;
        try
        {
            BudgetReservation granted = await TimedAsync(ledger.ReserveAsync(new BudgetDemand(full.Limits, choices, timeToLive), timer.Token), timer).ConfigureAwait(false);
            call.Detail?.Reserved(limits, granted, since);
            watch.Look(limits);
            return granted;
        }
        catch (BudgetExceededException) when (call.Detail is not null)
        {
            call.Detail.Reserved(limits, granted: null, since);
            throw;
        }
        catch (OperationCanceledException e) when (timer.Explain(e) is not null)
        {
            throw timer.Deadline.NotSent(e);
        }
    }

    /// <summary>Notes that the call goes out now: if this process dies, what was held back for it is charged.</summary>
    public async ValueTask MarkSentAsync(BudgetReservation reservation, CallTimer timer)
    {
        try
        {
            ValueTask marking = ledger.MarkSentAsync(reservation, timer.Token);
            if (!marking.IsCompleted)
            {
                timer.Prepare();
            }

            await marking.ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (timer.Explain(e) is not null)
        {
            throw timer.Deadline.NotSent(e);
        }
    }

    /// <summary>Charges what an attempt used, and releases the rest of what was held back for it.</summary>
    /// <param name="call">The request.</param>
    /// <param name="reservation">What was held back.</param>
    /// <param name="cost">What the attempt cost.</param>
    /// <param name="tokens">The tokens it used; all that were held back if nobody knows.</param>
    /// <remarks>The caller's token may be what ended the call, so settling doesn't listen to it; and it must not hide the call's own failure.</remarks>
    public ValueTask SettleAsync(CallRecord call, BudgetReservation reservation, LlmCost cost, long? tokens = null) => reservation.IsHeld
        ? SettleAsync(call, reservation, new BudgetAmount(cost.Status is PriceStatus.Unknown ? reservation.Granted.Usd : cost.Usd, tokens ?? reservation.Granted.Tokens))
        : default;

    /// <summary>Releases what was held back for an attempt that was never sent, or that the provider turned away.</summary>
    public ValueTask ReleaseAsync(CallRecord call, BudgetReservation reservation) => reservation.IsHeld ? SettleAsync(call, reservation, BudgetAmount.None) : default;

    // What memory answers at once needs no timer.
    private static ValueTask<BudgetReservation> TimedAsync(ValueTask<BudgetReservation> reserving, CallTimer timer)
    {
        if (!reserving.IsCompleted)
        {
            timer.Prepare();
        }

        return reserving;
    }

    private async ValueTask SettleAsync(CallRecord call, BudgetReservation reservation, BudgetAmount spent)
    {
        if (spent.Usd > reservation.Granted.Usd)
        {
            telemetry.Instruments.Overspend?.Add((double)(spent.Usd.Value - reservation.Granted.Usd.Value));
        }

        try
        {
            await ledger.SettleAsync(reservation, spent, CancellationToken.None).ConfigureAwait(false);
            call.Detail?.Released(spent == BudgetAmount.None ? "released" : "settled", reservation);
        }
        catch (Exception e)
        {
            telemetry.Instruments.SettleFailures?.Add(1);
            call.Detail?.Released("failed", reservation);
            Log.SettleFailed(logger, call.RequestId, spent.Usd ?? 0, e);
        }
    }
}
