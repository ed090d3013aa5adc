using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>
/// One call to a model for all who ask the same at the same time. It goes on while anybody wants its answer, whoever made it: a leader who
/// leaves hasn't ended it, the last one who leaves has. As a task it is the whole answer of who made the call.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A source without a timer holds nothing.")]
internal sealed class Flight(FlightTable table, CacheKey key) : TaskCompletionSource<LlmResponse>
{
    private readonly CancellationTokenSource _ending = new();
    private CancellationTokenRegistration _leader;
    private SharedAnswer? _shared;
    private ICallLease? _lease;
    private int _members = 1;
    private bool _isOver;

    public CacheKey Key { get; } = key;

    /// <summary>Gets the last invalidation that was known when the call began.</summary>
    public long Stamp { get; init; }

    /// <summary>Gets or sets the span of who makes the call, for those who share it to link to.</summary>
    public Activity? Span { get; set; }

    /// <summary>Gets what ends the call.</summary>
    public CancellationToken Token => _ending.Token;

    /// <summary>Gets what the call has given so far, for all but a leader who wants it whole.</summary>
    public SharedAnswer Shared => Volatile.Read(ref _shared) ?? Interlocked.CompareExchange(ref _shared, new SharedAnswer(), null) ?? _shared;

    /// <summary>Gets a value indicating whether somebody reads what the call gives.</summary>
    public bool IsShared => Volatile.Read(ref _shared) is not null;

    /// <summary>Lets the leader leave when its caller cancels. Its task is cancelled at once if others go on waiting, and else when the call has ended.</summary>
    public void LeaveOn(CancellationToken cancellationToken) => _leader = cancellationToken.UnsafeRegister(
        static (flight, token) =>
        {
            if (((Flight)flight!).Leave(unlessLast: true))
            {
                ((Flight)flight).TrySetCanceled(token);
            }
        },
        this);

    /// <summary>Takes note that a member no longer waits; when nobody does, the call is ended.</summary>
    /// <param name="unlessLast">Whether the last one stays, to see its call end.</param>
    /// <returns><see langword="false"/> for the last one.</returns>
    public bool Leave(bool unlessLast)
    {
        if (!table.Leave(this, unlessLast))
        {
            return true;
        }

        if (!Volatile.Read(ref _isOver))
        {
            _ending.Cancel();
        }

        return false;
    }

    /// <summary>Keeps something until nobody can join any more: what has others wait for this call.</summary>
    public void Hold(ICallLease? lease) => _lease = lease;

    /// <summary>Lets nobody join any more.</summary>
    public void Close()
    {
        table.Remove(this);
        _ = Interlocked.Exchange(ref _lease, null)?.EndAsync();
    }

    /// <summary>Gives everybody the answer.</summary>
    /// <param name="response">The leader's; <see langword="null"/> if it was streamed.</param>
    /// <param name="end">That of the others; <see langword="null"/> if there are none and nobody can join any more.</param>
    public void Complete(LlmResponse? response, FlightEnd? end)
    {
        Finish(end);
        TrySetResult(response!);
    }

    /// <summary>Gives everybody the failure.</summary>
    /// <param name="failure">The leader's.</param>
    /// <param name="end">What it means to the others.</param>
    public void Fail(Exception failure, FlightEnd end)
    {
        Close();
        Finish(IsShared ? end : null);
        if (failure is OperationCanceledException cancelled)
        {
            TrySetCanceled(cancelled.CancellationToken);
        }
        else
        {
            TrySetException(failure);

            // A leader who has left doesn't ask for it.
            _ = Task.Exception;
        }
    }

    /// <summary>Adds a member. Called by the table, which lets nobody in or out meanwhile.</summary>
    internal bool TryJoin(int maxFollowers)
    {
        if (_members > maxFollowers)
        {
            return false;
        }

        _members++;
        _ = Shared;
        return true;
    }

    /// <summary>Removes a member, or finds that it is the last. Called by the table, which lets nobody in or out meanwhile.</summary>
    internal bool RemoveMember(bool unlessLast)
    {
        bool isLast = _members == 1;
        _members -= isLast && unlessLast ? 0 : 1;
        return isLast;
    }

    private void Finish(FlightEnd? end)
    {
        Volatile.Write(ref _isOver, true);
        _leader.Unregister();
        if (end is not null)
        {
            Shared.Complete(end);
        }
    }
}
