using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Resilience;
using IntegrationLayer.Sdk.Telemetry;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>Makes a second call when the first is not answered in the usual time; the first answer counts. What the other one may have cost is charged, and on the receipt.</summary>
internal sealed class HedgingStep(BudgetStep budgets, SettlementStep settlement, IModelGateway gateway, HedgeBudget allowance, LlmTelemetry telemetry)
{
    /// <summary>Says whether a request may be hedged at all, and counts it if so: each pays for its share of a second call.</summary>
    public bool MayHedge(CostAnalysis costs, CallRecord call, RetryPlan? plan)
    {
        HedgingOptions options = costs.Options.Resilience.Hedging;
        if (!options.Enabled)
        {
            return false;
        }

        if (call.Attempts.Count == 0)
        {
            allowance.Deposit(options);
        }

        return !call.Request.HasSideEffects && call.Attempts.Count - (plan?.Unsent ?? 0) + 2 <= costs.Options.MaxAttempts;
    }

    /// <summary>Makes the first call, and if that takes too long, the second one, and waits for both.</summary>
    public async ValueTask<RaceResult<T>> RunAsync<T>(Race race, Leg<T> first, ExecutionStep.Send<T> send, GatewayCall call)
        where T : IGatewayAnswer
    {
        first.TrySend();
        first.Task = SendAsync(send, call, first.Timer, gateway);
        if (!await IsLateAsync(race, first).ConfigureAwait(false) || ChooseSecond(race, first) is not { } target || !allowance.TryTake())
        {
            return new RaceResult<T>(first);
        }

        var second = new Leg<T>(target, new CallTimer(first.Timer.Deadline) { Limits = target.Deployment.Limits, IsLast = first.Timer.IsLast });
        second.Task = SendSecondAsync(race, second, send, call.Envelope);
        await Task.WhenAny(first.Task, second.Task).ConfigureAwait(false);
        (Leg<T> done, Leg<T> other) = first.Task.IsCompletedSuccessfully || !second.Task.IsCompleted ? (first, second) : (second, first);
        if (!second.IsSent && second.TryGiveUp())
        {
            // Its money or its place was refused, or the first call has ended before it was sent.
            _ = DrainAsync(race, second, isCharged: false);
            allowance.Return();
            return new RaceResult<T>(first);
        }

        (LlmException Failure, RankedDeployment Failed)? before = null;
        if (await FailureOfAsync(done).ConfigureAwait(false) is { } failure && MayGoOn(failure, done, other))
        {
            // The failure says nothing against the other call: it may still be answered.
            await settlement.FailAsync(race.Costs, race.Call, done, failure, isHedge: done == second).ConfigureAwait(false);
            done.Timer.Dispose();
            before = (failure, done.Target);
            done = other;
            await Task.WhenAny(done.Task).ConfigureAwait(false);
        }
        else
        {
            await EndAsync(race, other, isHedge: other == second).ConfigureAwait(false);
        }

        bool hasLost = done == first && before is null;
        telemetry.Hedged(hasLost ? "lost" : done == second && done.Task.IsCompletedSuccessfully ? "won" : "failed");
        return new RaceResult<T>(done, done == second, target, before);
    }

    private static async Task<T> SendAsync<T>(ExecutionStep.Send<T> send, GatewayCall call, CallTimer timer, IModelGateway gateway) => await send(gateway, call, timer).ConfigureAwait(false);

    // What rules the other deployment out, or ends the request, ends the other call, too: a refusal is not to be bypassed.
    private static bool MayGoOn<T>(LlmException failure, Leg<T> failed, Leg<T> other) =>
        RetryTable.Allows(RetryTable.After(failure.ErrorClass), failed.Target.Deployment, other.Target.Deployment);

    private static async ValueTask<bool> IsLateAsync<T>(Race race, Leg<T> first)
    {
        HedgingOptions options = race.Costs.Options.Resilience.Hedging;
        TimeSpan delay = HealthTable.Of(race.Costs.Loads)[first.Target.Deployment.Index].TimesOf(race.Call.IsStreamed)?.Usually() ?? options.Delay;
        if (first.Task.IsCompleted || delay >= first.Timer.Deadline.Remaining)
        {
            return false;
        }

        using var waiting = new CancellationTokenSource();
        Task wait = Task.Delay(delay, race.Call.Clock, waiting.Token);
        await Task.WhenAny(first.Task, wait).ConfigureAwait(false);
        await waiting.CancelAsync().ConfigureAwait(false);
        return !first.Task.IsCompleted;
    }

    // The next in line at another account or in another region that is well, has enough left, and may cost what both may cost together.
    private static RankedDeployment? ChooseSecond<T>(Race race, Leg<T> first)
    {
        decimal? leftUsd = race.Call.Request.Requirements.MaxCost - race.Call.Spent.Usd - first.Target.MaxCost.Usd;
        HealthTable health = HealthTable.Of(race.Costs.Loads);
        foreach (RankedDeployment other in race.Others)
        {
            if (!other.IsLastResort
                && IsElsewhere(first.Target.Deployment, other.Deployment)
                && !(other.MaxCost.Usd > leftUsd)
                && race.Plan?.IsOpen(other.Deployment) is not false
                && !health.IsShort(other.Deployment.Index, race.Costs.RateTokens(other)))
            {
                return other;
            }
        }

        return null;
    }

    private static bool IsElsewhere(Deployment one, Deployment other) =>
        one.Account != other.Account || (one.Regions.Count > 0 && other.Regions.Count > 0 && !one.Regions.Intersect(other.Regions).Any());

    private async Task<T> SendSecondAsync<T>(Race race, Leg<T> leg, ExecutionStep.Send<T> send, GatewayEnvelope envelope)
        where T : IGatewayAnswer
    {
        (CallRecord call, Deployment deployment) = (race.Call, leg.Target.Deployment);
        DeploymentHealth health = HealthTable.Of(race.Costs.Loads)[deployment.Index];
        ChatOptions? options;
        try
        {
            leg.Reservation = race.Limits.Count > 0 ? await budgets.ReserveAsync(call, race.Limits, leg.Target, leg.Timer).ConfigureAwait(false) : default;
            options = OutputCap.Apply(call.Request, leg.Target, isBinding: race.Limits.Count > 0);
            leg.Lease = HealthTable.Of(race.Costs.Loads).TryEnter(deployment.Index, isLastResort: false) ?? throw new OperationCanceledException("Its place was refused.");
            if (leg.Reservation.IsHeld)
            {
                await budgets.MarkSentAsync(leg.Reservation, leg.Timer).ConfigureAwait(false);
            }

            leg.SentAt = call.Now();
            if (!leg.TrySend())
            {
                throw new OperationCanceledException("It is no longer wanted.");
            }
        }
        catch
        {
            leg.Lease?.Dispose();
            await budgets.ReleaseAsync(call, leg.Reservation).ConfigureAwait(false);
            throw;
        }

        health.Headroom?.Spend(race.Costs.RateTokens(leg.Target));
        call.Detail?.SentSecond(leg.Target);
        var second = new GatewayCall(deployment, call.Request.Messages, options, leg.Target.MaxOutputTokens, envelope with { Remaining = leg.Timer.Deadline.Remaining })
        {
            MarksPrefix = race.Costs.MarksPrefixFor(deployment),
        };
        return await send(gateway, second, leg.Timer).ConfigureAwait(false);
    }

    // The call is of no more use. Unless it has failed, nobody will know what it cost, so the most is charged: now, since the receipt can't wait for it to end.
    private async ValueTask EndAsync<T>(Race race, Leg<T> leg, bool isHedge)
    {
        if (leg.Task.IsCompleted && await FailureOfAsync(leg).ConfigureAwait(false) is { } failure)
        {
            await settlement.FailAsync(race.Costs, race.Call, leg, failure, isHedge).ConfigureAwait(false);
            leg.Timer.Dispose();
            return;
        }

        TimeSpan lasted = race.Call.Since(leg.SentAt);
        race.Call.Add(leg.Target.Deployment, lasted, leg.Target.MaxCost, LlmErrorClass.Cancelled, statusCode: null, isHedge);
        race.Costs.Latencies.RecordAtLeast(leg.Target.Deployment.Index, lasted);
        HealthTable.Of(race.Costs.Loads)[leg.Target.Deployment.Index].Answered(race.Call.IsStreamed, lasted);
        leg.Timer.Cancel();
        _ = DrainAsync(race, leg, isCharged: true);
    }

    // Runs on when the request has been answered; what fails here has nobody to be thrown at.
    private async Task DrainAsync<T>(Race race, Leg<T> leg, bool isCharged)
    {
        if (isCharged)
        {
            await budgets.SettleAsync(race.Call, leg.Reservation, leg.Target.MaxCost).ConfigureAwait(false);
        }
        else
        {
            leg.Timer.Cancel();
        }

        try
        {
            if (await leg.Task.ConfigureAwait(false) is CommittedStream stream)
            {
                await stream.CloseAsync().ConfigureAwait(false);
                stream.Dispose();
            }
        }
        catch (Exception)
        {
            // It was cancelled.
        }
        finally
        {
            leg.Lease?.Dispose();
            leg.Timer.Dispose();
        }
    }

    private static async ValueTask<LlmException?> FailureOfAsync<T>(Leg<T> leg)
    {
        try
        {
            await leg.Task.ConfigureAwait(false);
            return null;
        }
        catch (Exception e)
        {
            return Failures.Classify(e, leg.Timer);
        }
    }
}
