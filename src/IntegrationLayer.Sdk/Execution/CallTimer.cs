using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Execution;

/// <summary>
/// Ends one call: when its caller cancels it, when the request's deadline is over, or when the time for a part of it is (the answer, a stream's first
/// content, the next content).
/// </summary>
/// <remarks>
/// One timer a call, which is set again only when it fires: content is noted by a timestamp. Time counts against the provider only while somebody waits for
/// it. While the consumer of a stream has the turn the provider may rest; a consumer that doesn't come back in time, or not before the deadline, loses the
/// stream. Whoever reads has the turn from <see cref="Enter"/> to <see cref="Leave"/>; the timer takes it only with a compare-and-swap, so a call is never
/// ended by a time that content has just met, nor a stream closed that is being read.
/// </remarks>
internal sealed class CallTimer : IDisposable
{
    /// <summary>The time over which a stream's speed is judged.</summary>
    public static readonly TimeSpan SpeedWindow = TimeSpan.FromSeconds(5);

    // Whose turn it is: these, or since when the provider has had it (a timestamp, shifted to stand clear of them).
    private const long Consumers = 0;
    private const long Readers = 1;
    private const long Nobodys = -1;
    private const long Shift = 2;

    // When somebody is in the middle of something, the timer comes back.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Endless = TimeSpan.MaxValue;

    private readonly CallTimerPool? _pool;
    private readonly CancellationTokenSource _source = new();
    private Deadline _deadline;
    private CancellationTokenRegistration _registration;
    private ITimer? _timer;
    private long _turn = Readers;
    private CallPart _part;
    private TimeSpan _limit = Endless;
    private TimeSpan _waited;
    private int _visits;
    private int _seenVisits;
    private long _seenAt;
    private CallPart _ended;

    /// <summary>Initializes a new instance of the <see cref="CallTimer"/> class.</summary>
    /// <param name="deadline">The deadline of the request.</param>
    /// <param name="pool">Who may use the timer again after a whole answer.</param>
    public CallTimer(in Deadline deadline, CallTimerPool? pool = null)
    {
        _pool = pool;
        Start(deadline);
    }

    public ref readonly Deadline Deadline => ref _deadline;

    /// <summary>Gets or sets how long the parts of the call may take.</summary>
    public CallLimits Limits { get; set; } = CallLimits.Default;

    /// <summary>Gets or sets a value indicating whether nobody else could be tried: then the provider has until the deadline to begin.</summary>
    public bool IsLast { get; set; }

    public CancellationToken Token => _source.Token;

    /// <summary>Gets how long the consumer of a stream has waited for the provider, in timestamp units.</summary>
    public long Waited { get; private set; }

    /// <summary>Gets or sets what is called, on the timer's thread, when the consumer of a stream is taken for gone.</summary>
    public Action? ConsumerLost { get; set; }

    private TimeProvider Clock => _deadline.Clock;

    /// <summary>Begins to wait for somebody else than the provider; only the deadline counts.</summary>
    public void Prepare() => Begin(CallPart.Preparation, limitOf: null);

    /// <summary>Begins a call for a whole answer: the provider has the turn.</summary>
    public CancellationToken Begin() => Begin(CallPart.Answer, IsLast ? null : static (limits, left) => limits.ForAnswer(left));

    /// <summary>Begins a call for a stream: the provider has the turn.</summary>
    public CancellationToken BeginStream() => Begin(CallPart.Answer, IsLast ? null : static (limits, left) => limits.ForOpening(left));

    /// <summary>Gives a stream that is open now the time for its first content, counted from the beginning of the call.</summary>
    public void Opened()
    {
        _limit = IsLast ? Endless : Limits.ForFirstContent(_deadline.Remaining);
        _part = CallPart.FirstToken;
    }

    /// <summary>Gives a stream that has shown content the time in which it has to show its speed.</summary>
    public void Judge() => Restart(CallPart.Speed, SpeedWindow);

    /// <summary>Notes content that the stream doesn't give out yet, such as a piece of a tool call.</summary>
    public void Progress() => Restart(CallPart.Content, Limits.Stall);

    /// <summary>Hands a stream over to its consumer.</summary>
    /// <returns><see langword="false"/> if the call has just been ended.</returns>
    public bool Commit()
    {
        _seenAt = Clock.GetTimestamp();
        long turn = Volatile.Read(ref _turn);
        if (turn == Nobodys || Interlocked.CompareExchange(ref _turn, Consumers, turn) == Nobodys)
        {
            return false;
        }

        Await(CallPart.Content, Limits.Stall);
        if (Limits.Consumer < Limits.Stall)
        {
            Set(Limits.Consumer);
        }

        return true;
    }

    /// <summary>Takes the turn from the consumer, to read what has come.</summary>
    /// <returns><see langword="false"/> if the call was ended.</returns>
    public bool Enter() => Interlocked.CompareExchange(ref _turn, Readers, Consumers) == Consumers;

    /// <summary>Gives the turn to the provider: nothing has come.</summary>
    public void Wait() => Volatile.Write(ref _turn, Clock.GetTimestamp() + Shift);

    /// <summary>Gives the turn to the consumer.</summary>
    /// <param name="hasContent">Whether content has come.</param>
    /// <returns><see langword="false"/> if the call was ended before that.</returns>
    public bool Leave(bool hasContent)
    {
        long turn = Volatile.Read(ref _turn);
        if (turn > Readers)
        {
            long now = Clock.GetTimestamp();
            Waited += now - (turn - Shift);
            _waited += Clock.GetElapsedTime(turn - Shift, now);
        }

        _waited = hasContent ? TimeSpan.Zero : _waited;
        _visits++;

        // Progress may have moved the timestamp, but on this very path; only the timer can be faster.
        return turn != Nobodys && Interlocked.CompareExchange(ref _turn, Consumers, turn) == turn;
    }

    /// <summary>Names the failure of a call that ended in a cancellation.</summary>
    /// <returns><see langword="null"/> if it was the caller who cancelled.</returns>
    public LlmException? Explain(OperationCanceledException? cause) =>
        _deadline.Caller.IsCancellationRequested ? null
        : _source.IsCancellationRequested ? Failure(cause)
        : cause?.InnerException is TimeoutException
            ? new LlmException("The gateway's client gave up waiting, by a timeout of its own.", LlmErrorClass.Timeout, LlmErrorSource.Gateway, cause) { MayBeBilled = true }
        : null;

    /// <summary>Ends a call that is of no more use.</summary>
    public void Cancel()
    {
        Volatile.Write(ref _turn, Nobodys);
        _source.Cancel();
    }

    public void Dispose()
    {
        long turn = Interlocked.Exchange(ref _turn, Nobodys);
        _registration.Dispose();
        if (_pool is not null && CanServeAgain(turn))
        {
            _pool.Return(this);
            return;
        }

        _timer?.Dispose();

        // The source is left to the collector: the timer may be about to cancel it, and without a timer of its own it holds nothing.
    }

    /// <summary>Gives up a timer that the pool has no place for.</summary>
    internal void Discard() => _timer!.Dispose();

    /// <summary>Begins the call of another request.</summary>
    internal void Start(in Deadline deadline)
    {
        _deadline = deadline;
        _turn = Readers;
        _registration = deadline.Caller.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    // Only what nothing can end any more: a timer that fires late has no turn to take from a call for a whole answer, whose turns are timestamps of that
    // call alone. A stream's may be its consumer's, which look alike.
    private bool CanServeAgain(long turn)
    {
        bool isUnharmed = turn > Readers && _part == CallPart.Answer && ConsumerLost is null
            && _timer!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan) && _source.TryReset();
        if (isUnharmed)
        {
            Limits = CallLimits.Default;
            IsLast = false;
            Waited = 0;
            _limit = Endless;
            _waited = TimeSpan.Zero;
        }

        return isUnharmed;
    }

    // Reads the clock once: every call comes by here.
    private CancellationToken Begin(CallPart part, Func<CallLimits, TimeSpan, TimeSpan>? limitOf)
    {
        long now = Clock.GetTimestamp();
        TimeSpan left = _deadline.RemainingAt(now);
        _part = part;
        _limit = limitOf is null ? Endless : limitOf(Limits, left);
        Volatile.Write(ref _turn, now + Shift);

        // Created at rest, since it may fire before it is assigned.
        _timer ??= Clock.CreateTimer(static timer => ((CallTimer)timer!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Set(_limit, left);
        return Token;
    }

    private void Restart(CallPart part, TimeSpan limit)
    {
        long turn = Volatile.Read(ref _turn);
        Await(part, limit);
        if (turn > Readers)
        {
            Interlocked.CompareExchange(ref _turn, Clock.GetTimestamp() + Shift, turn);
        }
    }

    private void Await(CallPart part, TimeSpan limit)
    {
        bool isSooner = limit < _limit;
        _waited = TimeSpan.Zero;
        _part = part;
        _limit = limit;
        if (isSooner)
        {
            Set(limit);
        }
    }

    private void Set(TimeSpan left) => Set(left, _deadline.Remaining);

    private void Set(TimeSpan left, TimeSpan untilDeadline)
    {
        // Timers count whole milliseconds: rounded down, it would fire too early, again and again.
        long due = Math.Min(left.Ticks, untilDeadline.Ticks);
        long milliseconds = Math.Max(1, (due + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond);
        _timer!.Change(new TimeSpan(milliseconds * TimeSpan.TicksPerMillisecond), Timeout.InfiniteTimeSpan);
    }

    private void Tick()
    {
        long turn = Volatile.Read(ref _turn);
        if (turn == Nobodys)
        {
            return;
        }

        if (turn == Readers)
        {
            Set(Moment);
            return;
        }

        TimeSpan limit = _limit;
        TimeSpan left = turn == Consumers ? LeftToConsumer() : limit == Endless ? Endless : limit - _waited - Clock.GetElapsedTime(turn - Shift);
        bool isOver = _deadline.Remaining <= TimeSpan.Zero;
        if (!isOver && left > TimeSpan.Zero)
        {
            // Meanwhile it may become the consumer's turn, whose time may be shorter.
            Set(left > Limits.Consumer ? Limits.Consumer : left);
            if (_limit != limit)
            {
                Set(Moment);
            }

            return;
        }

        _ended = isOver ? CallPart.Whole : turn == Consumers ? CallPart.Consumer : _part;
        if (Interlocked.CompareExchange(ref _turn, Nobodys, turn) != turn)
        {
            Set(Moment);
            return;
        }

        _source.Cancel();
        if (turn == Consumers)
        {
            ConsumerLost?.Invoke();
        }
    }

    private TimeSpan LeftToConsumer()
    {
        int visits = Volatile.Read(ref _visits);
        if (visits != _seenVisits)
        {
            _seenVisits = visits;
            _seenAt = Clock.GetTimestamp();
        }

        TimeSpan left = Limits.Consumer - Clock.GetElapsedTime(_seenAt);

        // In between it may be the provider's turn again: then its time counts.
        return left > Limits.Stall ? Limits.Stall : left;
    }

    private LlmException Failure(Exception? cause)
    {
        (string text, LlmErrorClass error) = _ended switch
        {
            CallPart.Answer => ($"No answer began within {_limit} (Resilience:Timeouts:Attempt).", LlmErrorClass.Timeout),
            CallPart.FirstToken => ($"The stream showed no content within {_limit} (Resilience:Timeouts:FirstToken).", LlmErrorClass.FirstTokenTimeout),
            CallPart.Speed => ($"The stream began with less than {Limits.MinCharactersPerSecond} characters per second (Resilience:Timeouts:MinCharactersPerSecond).", LlmErrorClass.StreamStalled),
            CallPart.Content => ($"The stream fell silent for {_limit} (Resilience:Timeouts:Stall).", LlmErrorClass.StreamStalled),
            CallPart.Consumer => ($"The stream was closed because nobody read it for {Limits.Consumer} (Resilience:Timeouts:Consumer).", LlmErrorClass.Cancelled),
            _ => ("", LlmErrorClass.Timeout),
        };
        return text.Length == 0
            ? _deadline.NotAnswered(cause)
            : new LlmException(text, error, LlmErrorSource.Sdk, cause) { MayBeBilled = true };
    }
}
