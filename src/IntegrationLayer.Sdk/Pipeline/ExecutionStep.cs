using System.Runtime.CompilerServices;
using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>The fourth and fifth step of a request: calls the best deployment that can be paid for, and while that fails, the next one.</summary>
internal sealed class ExecutionStep(RoutePlanner planner, BudgetStep budgets, IModelGateway gateway, TimeProvider timeProvider, ILogger<LlmPipeline> logger)
{
    /// <summary>Makes one call to one deployment.</summary>
    /// <typeparam name="T">What it answers.</typeparam>
    public delegate ValueTask<T> Send<T>(IModelGateway gateway, GatewayCall call, Deadline deadline);

    /// <summary>Ranks the candidates, then, until one answers: holds back what the best affordable one may cost, and calls it.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Attempt<T>> RunAsync<T>(CostAnalysis costs, CallRecord call, Send<T> send, CancellationToken cancellationToken)
    {
        LlmRequest request = call.Request;
        IReadOnlyList<BudgetLimit> limits = budgets.LimitsOf(request);
        call.Route = planner.Rank(costs, limits.Count > 0);
        IReadOnlyList<RankedDeployment> standby = call.Route.Ranked;
        LlmException? failure = null;
        var deadline = Deadline.Start(request.Context, costs.Options.Timeout, timeProvider, cancellationToken);
        try
        {
            while (standby.Count > 0 && call.Attempts.Count < costs.Options.MaxAttempts)
            {
                call.Reservation = limits.Count > 0 ? await budgets.ReserveAsync(limits, standby, deadline).ConfigureAwait(false) : default;
                (RankedDeployment target, ChatOptions? options) = await PrepareAsync(call, standby, deadline, isBinding: limits.Count > 0).ConfigureAwait(false);
                var envelope = new GatewayEnvelope(call.TraceId, request.Context, deadline.Remaining);
                long sentAt = call.Now();
                try
                {
                    T result = await send(
                        gateway, new GatewayCall(target.Deployment, request.Messages, options, target.MaxOutputTokens, envelope), deadline).ConfigureAwait(false);
                    call.WasElsewhereSince(sentAt);
                    return new Attempt<T>(target, result, sentAt, call.Since(sentAt), deadline);
                }
                catch (Exception e)
                {
                    call.WasElsewhereSince(sentAt);
                    failure = Failures.Classify(e, deadline);
                    await SettleFailureAsync(call, target, sentAt, failure).ConfigureAwait(false);
                    if (failure.ErrorClass is LlmErrorClass.Cancelled or LlmErrorClass.Unknown)
                    {
                        throw;
                    }

                    standby = Failover.After(failure.ErrorClass, target, standby, deadline, request.Requirements.MaxCost - call.Spent.Usd);
                }
            }

            throw Failures.AllFailed(failure!, call.Attempts);
        }
        catch
        {
            deadline.Dispose();
            throw;
        }
    }

    /// <summary>The last step before a call is sent. What fails here was never sent, so it costs nothing, and what was held back for it is released.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<(RankedDeployment Target, ChatOptions? Options)> PrepareAsync(
        CallRecord call, IReadOnlyList<RankedDeployment> standby, Deadline deadline, bool isBinding)
    {
        try
        {
            deadline.ThrowIfOver();
            RankedDeployment target = standby[call.Reservation.Choice];
            ChatOptions? options = OutputCap.Apply(call.Request, target, isBinding);
            if (call.Reservation.IsHeld)
            {
                await budgets.MarkSentAsync(call, deadline).ConfigureAwait(false);
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
    private ValueTask SettleFailureAsync(CallRecord call, RankedDeployment target, long sentAt, LlmException failure)
    {
        LlmCost cost = failure.MayBeBilled ? target.MaxCost : LlmCost.None;
        call.Add(target.Deployment, call.Since(sentAt), cost, failure.ErrorClass, failure.StatusCode);
        Log.AttemptFailed(logger, target.Deployment.Name, call.RequestId, failure.ErrorClass);
        return failure.MayBeBilled ? budgets.SettleAsync(call, cost) : budgets.ReleaseAsync(call);
    }
}
