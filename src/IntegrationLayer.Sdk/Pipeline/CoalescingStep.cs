using System.Diagnostics;
using System.Runtime.CompilerServices;
using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Execution;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>A part of the second step: requests that ask the same at the same time share one call.</summary>
internal sealed class CoalescingStep(FlightTable flights, RoutePlanner planner, TimeProvider timeProvider, ILogger<LlmPipeline> logger)
{
    // A longer stream is not shared with those who come later.
    private const int MostSharedUpdates = 65_536;

    // The first update is told of at once; of later ones that came in one piece, so many at a time.
    private const int MostUnannounced = 16;

    /// <summary>Decides whether a request that missed the cache asks, or waits for one that does.</summary>
    public FlightRole Enter(CachePlan plan, CallRecord call, out Flight? flight)
    {
        flight = null;
        FlightRole role = plan.Key is { } key && call.Request.Caching is { Reads: true, Writes: true } ? flights.Enter(key, plan.Landings, plan.Stamp, out flight) : FlightRole.Alone;
        if (role is FlightRole.Leader && call.Activity is { } span)
        {
            flight!.Span = span;
        }

        return role;
    }

    /// <summary>Has a stale answer made anew, by one request at a time. Nobody waits for it, and its failure is nobody's.</summary>
    public void Refresh(CacheFinding stale, CallRecord call, Func<LlmRequest, Task> ask)
    {
        if (call.Request.Caching.Writes && flights.TryBeginRefresh(stale.Plan.Key!))
        {
            _ = RefreshAsync(stale.Plan.Key!, call.Request.ForRefresh(), ask);
        }
    }

    private async Task RefreshAsync(CacheKey key, LlmRequest request, Func<LlmRequest, Task> ask)
    {
        try
        {
            await ask(request).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Log.RefreshFailed(logger, e);
        }
        finally
        {
            flights.EndRefresh(key);
        }
    }

    /// <summary>Waits for the answer of an identical call.</summary>
    public FlightFollower Join(CallRecord call, Flight flight, CancellationToken cancellationToken)
    {
        if (flight.Span is { } span)
        {
            call.Activity?.AddLink(new ActivityLink(span.Context));
        }

        try
        {
            return new FlightFollower(
                call, flight, Deadline.Of(call.Request.Context, planner.Options.Timeout, timeProvider, call.StartedAt, cancellationToken));
        }
        catch (LlmException e)
        {
            flight.Leave(unlessLast: false);
            call.Fail(e);
            call.Dispose();
            throw;
        }
    }

    /// <summary>Waits for the whole answer of an identical call.</summary>
    /// <returns><see langword="null"/> if the request has to be sent after all.</returns>
    public async ValueTask<LlmResponse?> FollowAsync(CallRecord call, Flight flight, CancellationToken cancellationToken)
    {
        using FlightFollower follower = Join(call, flight, cancellationToken);
        var updates = new List<ChatResponseUpdate>();
        while (await follower.MoveNextAsync().ConfigureAwait(false))
        {
            updates.Add(follower.Current.Content);
        }

        return await follower.ConcludeAsync().ConfigureAwait(false) is { } receipt
            ? new LlmResponse(follower.Answer?.Restore() ?? updates.ToChatResponse(), receipt)
            : null;
    }

    /// <summary>Reads a stream for all who follow it: whoever has read the least, nobody waits for anybody else.</summary>
    public static FlightLead Lead(Flight flight, IAsyncEnumerable<LlmResponseUpdate> stream, CancellationToken cancellationToken) =>
        new(flight, PumpAsync, stream, cancellationToken);

    private static async Task PumpAsync(Flight flight, IAsyncEnumerable<LlmResponseUpdate> stream)
    {
        try
        {
            LlmReceipt? receipt = null;
            SharedAnswer shared = flight.Shared;
            int woken = 0;
            IAsyncEnumerator<LlmResponseUpdate> updates = stream.GetAsyncEnumerator();
            await using ConfiguredAsyncDisposable closing = updates.ConfigureAwait(false);
            while (true)
            {
                ValueTask<bool> next = updates.MoveNextAsync();
                if (!next.IsCompleted)
                {
                    shared.Wake();
                }

                if (!await next.ConfigureAwait(false))
                {
                    break;
                }

                receipt = updates.Current.Receipt;
                int count = shared.Append(updates.Current);
                if (count == 1 || count - woken >= MostUnannounced)
                {
                    woken = count;
                    shared.Wake();
                }

                if (count == MostSharedUpdates)
                {
                    flight.Close();
                }
            }

            flight.Close();
            flight.Complete(response: null, new FlightEnd { Origin = AnswerOrigin.Of(receipt!, tenantId: null, tags: null) });
        }
        catch (Exception e)
        {
            flight.Fail(e, EndOf(e));
        }
    }

    /// <summary>Gives everybody the whole answer of a call. Until it can be found in the cache, others may still join.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public static async ValueTask LandAsync(Flight flight, CacheStep cache, (CachePlan Plan, LlmRequest Request) asked, LlmResponse response, ValueTask writing)
    {
        bool isWritten = writing.IsCompletedSuccessfully;
        if (isWritten)
        {
            flight.Close();
        }

        bool hasOthers = flight.IsShared || !isWritten;
        flight.Complete(response, !hasOthers ? null : cache.IsUnchanged(asked.Plan, asked.Request) ? EndOf(response) : FlightEnd.AskAnew);
        await writing.ConfigureAwait(false);
        flight.Close();
    }

    /// <summary>Says what a failure of the call means to those who wait for it.</summary>
    public static FlightEnd EndOf(Exception failure) => failure switch
    {
        // What was its maker's own decision, or its maker's own money.
        OperationCanceledException or BudgetExceededException or BudgetUnavailableException => FlightEnd.AskAnew,
        LlmException { ErrorClass: LlmErrorClass.Timeout, ErrorSource: LlmErrorSource.Sdk } => new FlightEnd { Failure = failure, IsOutOfTime = true },
        _ => new FlightEnd { Failure = failure },
    };

    /// <summary>Says what an answer means to those who wait for it.</summary>
    public static FlightEnd EndOf(LlmResponse response)
    {
        try
        {
            return new FlightEnd { Answer = StoredAnswer.Of(response.Content), Origin = AnswerOrigin.Of(response.Receipt, tenantId: null, tags: null) };
        }
        catch (NotSupportedException)
        {
            // It holds something that only its maker can have.
            return FlightEnd.AskAnew;
        }
    }
}
