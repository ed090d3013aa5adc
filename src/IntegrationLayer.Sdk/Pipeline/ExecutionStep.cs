using System.Runtime.CompilerServices;
using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Resilience;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>The fourth and fifth step of a request: calls the best deployment that can be paid for, and while that fails, the next one.</summary>
internal sealed class ExecutionStep(RoutingStep routing, BudgetStep budgets, IModelGateway gateway, RetryPolicy retries, ILogger<LlmPipeline> logger)
{
    /// <summary>Makes one call to one deployment.</summary>
    /// <typeparam name="T">What it answers.</typeparam>
    public delegate ValueTask<T> Send<T>(IModelGateway gateway, GatewayCall call, CallTimer timer);

    /// <summary>Ranks the candidates, then, until one answers: holds back what the best affordable one may cost, and calls it.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Attempt<T>> RunAsync<T>(CostAnalysis costs, CallRecord call, Send<T> send, CancellationToken cancellationToken)
    {
        LlmRequest request = call.Request;
        IReadOnlyList<BudgetLimit> limits = budgets.LimitsOf(request);
        IntegrationLayerOptions options = costs.Options;
        LlmException? failure = null;
        RetryPlan? plan = null;
        var deadline = Deadline.Of(request.Context, options.Timeout, call.Clock, call.StartedAt, cancellationToken);
        call.Route = await routing.RankAsync(costs, call, limits.Count > 0, deadline).ConfigureAwait(false);
        IReadOnlyList<RankedDeployment> standby = call.Route.Ranked;
        while (standby.Count > 0)
        {
            var timer = new CallTimer(deadline);
            bool isAnswered = false;
            try
            {
                call.Reservation = limits.Count > 0 ? await budgets.ReserveAsync(limits, standby, timer).ConfigureAwait(false) : default;
                (RankedDeployment target, ChatOptions? chatOptions) = await PrepareAsync(call, standby, timer, isBinding: limits.Count > 0).ConfigureAwait(false);
                bool isLast = target.IsLastResort || (failure is not null && standby.Count == 1 && options.Resilience.AllUnavailable is not AllUnavailablePolicy.Fail);
                call.Lease = HealthTable.Of(costs.Loads).TryEnter(target.Deployment.Index, isLast);
                if (call.Lease is null)
                {
                    // Others were quicker: its last free place, or its trial, is theirs.
                    await budgets.ReleaseAsync(call).ConfigureAwait(false);
                    standby = [.. standby.Where(s => s.Deployment != target.Deployment)];
                    if (standby.Count == 0 && failure is null)
                    {
                        call.Route = await routing.RankAsync(costs, call, limits.Count > 0, deadline).ConfigureAwait(false);
                        standby = call.Route.Ranked;
                    }

                    continue;
                }

                timer.Limits = target.Deployment.Limits;
                timer.IsLast = call.Reservation.Choice + 1 == standby.Count || !retries.CouldReplace(request, options, call.Attempts.Count, plan);
                var envelope = new GatewayEnvelope(call.TraceId, request.Context, deadline.Remaining);
                long sentAt = call.Now();
                try
                {
                    T result = await send(
                        gateway, new GatewayCall(target.Deployment, request.Messages, chatOptions, target.MaxOutputTokens, envelope), timer).ConfigureAwait(false);
                    call.WasElsewhereSince(sentAt);
                    isAnswered = true;
                    retries.Succeeded(options.Resilience.Retries);
                    return new Attempt<T>(target, result, sentAt, call.Since(sentAt), timer);
                }
                catch (Exception e)
                {
                    call.WasElsewhereSince(sentAt);
                    failure = Failures.Classify(e, timer);
                    await SettleFailureAsync(costs, call, target, sentAt, failure).ConfigureAwait(false);
                    if (failure.ErrorClass is LlmErrorClass.Cancelled or LlmErrorClass.Unknown)
                    {
                        throw;
                    }

                    // Those before the failed one could not be paid for.
                    plan ??= retries.PlanFor(request, options);
                    RetryDecision next = plan.After(
                        failure, target, standby.Skip(call.Reservation.Choice + 1), call.Attempts.Count, deadline.Remaining, request.Requirements.MaxCost - call.Spent.Usd);
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

    /// <summary>The last step before a call is sent. What fails here was never sent, so it costs nothing, and what was held back for it is released.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<(RankedDeployment Target, ChatOptions? Options)> PrepareAsync(
        CallRecord call, IReadOnlyList<RankedDeployment> standby, CallTimer timer, bool isBinding)
    {
        try
        {
            timer.Deadline.ThrowIfOver();
            RankedDeployment target = standby[call.Reservation.Choice];
            ChatOptions? options = OutputCap.Apply(call.Request, target, isBinding);
            if (call.Reservation.IsHeld)
            {
                await budgets.MarkSentAsync(call, timer).ConfigureAwait(false);
            }

            return (target, options);
        }
        catch
        {
            await budgets.ReleaseAsync(call).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Charges a failed call if the provider may have worked on it, and releases the rest.</summary>
    private ValueTask SettleFailureAsync(CostAnalysis costs, CallRecord call, RankedDeployment target, long sentAt, LlmException failure)
    {
        LlmCost cost = failure.MayBeBilled ? target.MaxCost : LlmCost.None;
        TimeSpan lasted = call.Since(sentAt);
        var diagnosis = Diagnosis.Of(failure, lasted, costs.Options.Resilience.Health);
        call.Lease?.End(diagnosis, failure.RetryAfter);
        if (diagnosis.IsFailure)
        {
            costs.Latencies.Penalise(target.Deployment.Index, lasted);
        }

        call.Add(target.Deployment, lasted, cost, failure.ErrorClass, failure.StatusCode);
        Log.AttemptFailed(logger, target.Deployment.Name, call.RequestId, failure.ErrorClass);
        return failure.MayBeBilled ? budgets.SettleAsync(call, cost) : budgets.ReleaseAsync(call);
    }
}
