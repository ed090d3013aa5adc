using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Execution;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>
/// A request that waits for the answer of an identical call, no longer than it may take itself. Disposing it leaves the call, and reports the
/// request, unless it has to be sent after all.
/// </summary>
internal sealed class FlightFollower : IDisposable
{
    private readonly CallRecord _call;
    private readonly Flight _flight;
    private readonly Deadline _deadline;
    private readonly CancellationTokenSource _leaving;
    private readonly CancellationTokenRegistration _caller;
    private readonly FlightReader _reader;
    private bool _isConcluded;
    private bool _isUnanswered;

    public FlightFollower(CallRecord call, Flight flight, Deadline deadline)
    {
        (_call, _flight, _deadline) = (call, flight, deadline);
        _leaving = new CancellationTokenSource(deadline.Remaining, deadline.Clock);
        _caller = deadline.Caller.UnsafeRegister(static leaving => ((CancellationTokenSource)leaving!).Cancel(), _leaving);
        _reader = new FlightReader(flight.Shared, isLeader: false, _leaving.Token);
    }

    /// <summary>Gets the update that the last <see cref="MoveNextAsync"/> found.</summary>
    public LlmResponseUpdate Current => _reader.Current;

    /// <summary>Gets the whole answer of a call that isn't streamed, once it has ended well.</summary>
    public IStoredAnswer? Answer { get; private set; }

    /// <summary>Moves to the next update of a call that is streamed.</summary>
    /// <returns><see langword="false"/> at the end of the call, streamed or not.</returns>
    /// <exception cref="LlmException">The request's own time is over.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> MoveNextAsync()
    {
        long waiting = _call.Now();
        try
        {
            // The receipt is its maker's.
            bool hasMore;
            do
            {
                hasMore = await _reader.MoveNextAsync().ConfigureAwait(false);
            }
            while (hasMore && _reader.IsAtReceipt);
            if (hasMore)
            {
                _call.FirstContent();
            }

            return hasMore;
        }
        catch (OperationCanceledException e)
        {
            throw Report(_deadline.Caller.IsCancellationRequested ? e : _deadline.NotAnswered(e));
        }
        finally
        {
            _call.WasElsewhereSince(waiting);
        }
    }

    /// <summary>Completes the request with what the call came to.</summary>
    /// <returns>The receipt; <see langword="null"/> if the request has to be sent after all.</returns>
    /// <exception cref="Exception">The call failed, in a way that is everybody's business.</exception>
    public async ValueTask<LlmReceipt?> ConcludeAsync()
    {
        FlightEnd end = await _flight.Shared.End.ConfigureAwait(false);
        if (end.Origin is { } origin)
        {
            Answer = end.Answer;
            _isConcluded = true;
            _call.Telemetry.Instruments.StampedeJoins?.Add(1);
            return _call.Complete(CacheStep.ReceiptOf(_call, origin, CacheOutcome.Coalesced));
        }

        // Nobody starts again after the first content; and not for longer than it has waited already, or a call that is too slow would be made by one after the other.
        bool canAskAnew = _reader.Position == 0 && (end.Failure is null || (end.IsOutOfTime && _deadline.Remaining >= _call.Elapsed));
        if (!canAskAnew)
        {
            ExceptionDispatchInfo.Throw(Report(FailureOf(end.Failure)));
        }

        (_isConcluded, _isUnanswered) = (true, true);
        return null;
    }

    public void Dispose()
    {
        _flight.Leave(unlessLast: false);
        _reader.Dispose();
        _caller.Dispose();
        _leaving.Dispose();
        if (!_isConcluded)
        {
            Report(new OperationCanceledException("The stream was left before its end."));
        }

        if (!_isUnanswered)
        {
            _call.Dispose();
        }
    }

    private Exception Report(Exception failure)
    {
        _isConcluded = true;
        _call.Fail(failure);
        return failure;
    }

    private Exception FailureOf(Exception? failure)
    {
        if (failure is LlmException shared)
        {
            AnswerOrigin? origin = (shared as LlmStreamInterruptedException)?.Receipt is { } receipt ? AnswerOrigin.Of(receipt, tenantId: null, tags: null) : null;
            return Failures.Shared(shared, origin is null ? null : CacheStep.ReceiptOf(_call, origin, CacheOutcome.Coalesced));
        }

        return failure ?? new LlmException(
            "The call that this request shared with others was ended after its first content.", LlmErrorClass.StreamTruncated, LlmErrorSource.Sdk);
    }
}
