using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Execution;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>A part of the second step: processes that ask the same at the same time share one call. It is asked by who would make the call of its own process.</summary>
internal sealed class SharedCallStep(ICallLeases leases, AnswerStore store, CacheStep cache, RoutePlanner planner, TimeProvider timeProvider)
{
    /// <summary>Waits until the call may be made, or its answer is there.</summary>
    /// <param name="call">The request.</param>
    /// <param name="caching">How its answer is cached.</param>
    /// <param name="missed">What the cache had: nothing.</param>
    /// <param name="flight">The call of this process, which others may have joined.</param>
    /// <param name="cancellationToken">The caller's own token.</param>
    public async ValueTask<Boarding> BoardAsync(
        CallRecord call, CacheDecision caching, CacheFinding missed, Flight flight, CancellationToken cancellationToken)
    {
        try
        {
            CacheKey key = missed.Plan.Key!;
            CallTurn turn = await WaitAsync(call, key, cancellationToken).ConfigureAwait(false);
            flight.Hold(turn.Lease);
            CacheFinding found = turn.IsAnswered ? await cache.FindAsync(call, caching, cancellationToken).ConfigureAwait(false) : missed;
            if (found is { Answer: { } answer, Receipt: not null })
            {
                flight.Close();
                flight.Complete(response: null, flight.IsShared ? new FlightEnd { Answer = answer.Content, Origin = answer.Origin } : null);
                return new Boarding(found, default, null);
            }

            return new Boarding(missed with { Plan = missed.Plan with { Stamp = store.Stamp } }, FlightRole.Leader, flight);
        }
        catch (Exception e)
        {
            flight.Fail(e, CoalescingStep.EndOf(e));
            throw;
        }
    }

    private async ValueTask<CallTurn> WaitAsync(CallRecord call, CacheKey key, CancellationToken cancellationToken)
    {
        // What is left has to do for a call of its own, if the other comes to nothing.
        TimeSpan most = Deadline.Of(call.Request.Context, planner.Options.Timeout, timeProvider, call.StartedAt, cancellationToken).Remaining / 2;
        long since = call.Now();
        try
        {
            return await leases.WaitAsync(key, token => LookAsync(key, token), most, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            call.WasElsewhereSince(since);
        }
    }

    private async ValueTask<bool> LookAsync(CacheKey key, CancellationToken cancellationToken) =>
        await store.GetAsync(key, cancellationToken).ConfigureAwait(false) is { } answer && store.Allows(answer, key);
}
