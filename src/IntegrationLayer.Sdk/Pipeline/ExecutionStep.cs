using System.Runtime.CompilerServices;
using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Resilience;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>The fourth and fifth step of a request: calls the best deployment that can be paid for, and while that fails, the next one.</summary>
internal sealed class ExecutionStep(
    RoutingStep routing, BudgetStep budgets, SettlementStep settlement, HedgingStep hedging, IModelGateway gateway, RetryPolicy retries)
{
    private readonly CallTimerPool _timers = new();

    /// <summary>Makes one call to one deployment.</summary>
    /// <typeparam name="T">What it answers.</typeparam>
    public delegate ValueTask<T> Send<T>(IModelGateway gateway, GatewayCall call, CallTimer timer);

    /// <summary>Ranks the candidates, then, until one answers: holds back what the best affordable one may cost, and calls it.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Attempt<T>> RunAsync<T>(CostAnalysis costs, CallRecord call, Send<T> send, CancellationToken cancellationToken)
        where T : IGatewayAnswer
    {
        LlmRequest request = costs.Request;
        IReadOnlyList<BudgetLimit> limits = budgets.LimitsOf(request);
        IntegrationLayerOptions options = costs.Options;
        LlmException? failure = null;
        RetryPlan? plan = null;
        var deadline = Deadline.Of(request.Context, options.Timeout, call.Clock, call.StartedAt, cancellationToken);
        call.Route = await routing.RankAsync(costs, call, limits.Count > 0, deadline).ConfigureAwait(false);
        IReadOnlyList<RankedDeployment> standby = call.Route.Ranked;
        while (standby.Count > 0)
        {
            CallTimer timer = _timers.Rent(deadline);
            bool isAnswered = false;
            try
            {
                (call.Reservation, RankedDeployment target) = limits.Count > 0
                    ? await budgets.ReserveAsync(costs, call, limits, standby, timer).ConfigureAwait(false)
                    : (default, standby[0]);
                bool isLast = target.IsLastResort || (failure is not null && standby.Count == 1 && !call.Route.HasMore && options.Resilience.AllUnavailable is not AllUnavailablePolicy.Fail);
                call.Lease = HealthTable.Of(costs.Loads).TryEnter(target.Deployment.Index, isLast);
                if (call.Lease is null)
                {
                    // Others were quicker: its last free place, or its trial, is theirs.
                    await budgets.ReleaseAsync(call, call.Reservation).ConfigureAwait(false);
                    plan ??= retries.PlanFor(request, options);
                    standby = await PassOverAsync(costs, call, standby, plan, failure is not null, deadline, limits.Count > 0).ConfigureAwait(false);
                    continue;
                }

                ChatOptions? chatOptions = await PrepareAsync(request, call, target, timer, isBinding: limits.Count > 0).ConfigureAwait(false);
                timer.Limits = target.Deployment.Limits;
                timer.IsLast = (call.Reservation.Choice + 1 == standby.Count && !call.Route.HasMore) || !retries.CouldReplace(request, options, call.Attempts.Count, plan);
                var envelope = new GatewayEnvelope(call.TraceId, request.Context, deadline.Remaining) { IsDetailed = call.Detail is not null };
                call.Detail?.Sent(target, retries.BudgetUsed);
                HealthTable.Of(costs.Loads)[target.Deployment.Index].Headroom?.Spend(costs.RateTokens(target));
                long sentAt = call.Now();
                long awaitedSince = sentAt;
                bool isHedge = false;
                try
                {
                    T result;
                    var gatewayCall = new GatewayCall(target.Deployment, request.Messages, chatOptions, target.MaxOutputTokens, envelope) { MarksPrefix = costs.MarksPrefixFor(target.Deployment) };
                    if (hedging.MayHedge(costs, call, plan))
                    {
                        var first = new Leg<T>(target, timer) { Reservation = call.Reservation, Lease = call.Lease, SentAt = sentAt };
                        RaceResult<T> race = await hedging.RunAsync(new Race(costs, call, limits, standby.Skip(call.Reservation.Choice + 1), plan), first, send, gatewayCall).ConfigureAwait(false);
                        (target, timer, sentAt, isHedge) = (race.Leg.Target, race.Leg.Timer, race.Leg.SentAt, race.IsSecond);
                        call.Detail?.Chose(target.Deployment);
                        if (race.Second is not null)
                        {
                            plan ??= retries.PlanFor(request, options);
                            standby = AfterRace(call, standby, race, plan);
                        }

                        result = await race.Leg.Task.ConfigureAwait(false);
                        HealthTable.Of(costs.Loads)[target.Deployment.Index].Answered(call.IsStreamed, call.Since(sentAt));
                    }
                    else
                    {
                        result = await send(gateway, gatewayCall, timer).ConfigureAwait(false);
                    }

                    long answeredAt = call.Now();
                    call.WasElsewhere(answeredAt - awaitedSince);
                    isAnswered = true;
                    call.HistoryRepairs = result.Info.Repairs;
                    if (result.Info.Limits is { } limitsLeft)
                    {
                        HealthTable.Of(costs.Loads)[target.Deployment.Index].Hear(limitsLeft, call.Clock);
                    }

                    retries.Succeeded(options.Resilience.Retries);
                    return new Attempt<T>(target, result, sentAt, call.Clock.GetElapsedTime(sentAt, answeredAt), timer) { IsHedge = isHedge };
                }
                catch (Exception e)
                {
                    call.WasElsewhereSince(awaitedSince);
                    failure = Failures.Classify(e, timer);
                    await settlement.FailAsync(
                        costs, call, new Leg<T>(target, timer) { Reservation = call.Reservation, Lease = call.Lease, SentAt = sentAt }, failure, isHedge).ConfigureAwait(false);
                    if (failure.ErrorClass is LlmErrorClass.Cancelled or LlmErrorClass.Unknown)
                    {
                        throw;
                    }

                    plan ??= retries.PlanFor(request, options);
                    RetryDecision next = Decide(costs, call, standby, plan, failure, deadline, limits.Count > 0);
                    standby = next.Standby;
                    await call.DelayAsync(next.Delay, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (BudgetExceededException refused)
            {
                refused.Attempts = call.Attempts;
                throw;
            }
            catch (LlmException late) when (late.Attempts.Count == 0 && call.Attempts.Count > 0)
            {
                throw Failures.AllFailed(late, call.Attempts);
            }
            finally
            {
                if (!isAnswered)
                {
                    timer.Dispose();
                }
            }
        }

        throw Failures.AllFailed(failure!, call.Attempts);
    }

    /// <summary>The last step before a call is sent. What fails here was never sent, so it costs nothing: what was held back for it is released, and its place given back.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ChatOptions?> PrepareAsync(LlmRequest request, CallRecord call, RankedDeployment target, CallTimer timer, bool isBinding)
    {
        try
        {
            timer.Deadline.ThrowIfOver();
            ChatOptions? options = OutputCap.Apply(request, target, isBinding);
            if (call.Reservation.IsHeld)
            {
                await budgets.MarkSentAsync(call.Reservation, timer).ConfigureAwait(false);
            }

            return options;
        }
        catch
        {
            call.Lease?.Dispose();
            await budgets.ReleaseAsync(call, call.Reservation).ConfigureAwait(false);
            throw;
        }
    }

    // The call that counts is the request's call now, and the first in line.
    private static IReadOnlyList<RankedDeployment> AfterRace<T>(CallRecord call, IReadOnlyList<RankedDeployment> standby, RaceResult<T> race, RetryPlan plan)
    {
        int first = call.Reservation.Choice;
        foreach (RankedDeployment unpaid in standby.Take(first))
        {
            plan.Close(unpaid.Deployment);
        }

        if (race.Before is { } before)
        {
            plan.Note(before.Failure, before.Failed);
        }

        plan.Close(standby[first].Deployment);
        plan.Close(race.Second!.Value.Deployment);
        call.Reservation = race.Leg.Reservation with { Choice = 0 };
        call.Lease = race.Leg.Lease;
        return [race.Leg.Target, .. standby.Skip(first + 1).Where(s => s.Deployment != race.Second.Value.Deployment)];
    }

    // A candidate that refused uses up nothing: whoever is next in line is asked, then whoever wasn't ranked yet, then those that failed before; without a failure, the request waits.
    private async ValueTask<IReadOnlyList<RankedDeployment>> PassOverAsync(
        CostAnalysis costs, CallRecord call, IReadOnlyList<RankedDeployment> standby, RetryPlan plan, bool hasFailed, Deadline deadline, bool hasBudget)
    {
        Deployment refused = standby[call.Reservation.Choice].Deployment;
        plan.Close(refused);
        IReadOnlyList<RankedDeployment> next = [.. standby.Where(s => s.Deployment != refused)];
        next = next.Count > 0 ? next : routing.RankRest(costs, call, hasBudget, plan);
        if (next.Count > 0)
        {
            return next;
        }

        if (hasFailed)
        {
            RetryDecision again = plan.Again(deadline.Remaining);
            await call.DelayAsync(again.Delay, deadline.Caller).ConfigureAwait(false);
            return again.Standby;
        }

        plan.Reopen();
        call.Route = await routing.RankAsync(costs, call, hasBudget, deadline).ConfigureAwait(false);
        return call.Route.Ranked;
    }

    // Those before the failed one could not be paid for.
    private RetryDecision Decide(
        CostAnalysis costs, CallRecord call, IReadOnlyList<RankedDeployment> standby, RetryPlan plan, LlmException failure, Deadline deadline, bool hasBudget)
    {
        int failed = call.Reservation.Choice;
        foreach (RankedDeployment unpaid in standby.Take(failed))
        {
            plan.Close(unpaid.Deployment);
        }

        return plan.After(
            failure,
            standby[failed],
            standby.Skip(failed + 1),
            call.Attempts.Count,
            deadline.Remaining,
            call.Request.Requirements.MaxCost - call.Spent.Usd,
            () => routing.RankRest(costs, call, hasBudget, plan));
    }
}
