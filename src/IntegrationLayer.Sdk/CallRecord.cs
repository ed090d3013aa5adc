using System.Diagnostics;
using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Pipeline;
using IntegrationLayer.Sdk.Resilience;
using IntegrationLayer.Sdk.Routing;
using IntegrationLayer.Sdk.Telemetry;

namespace IntegrationLayer.Sdk;

/// <summary>What is known of one request while it runs; reported when disposed, on every path.</summary>
internal sealed class CallRecord : IDisposable
{
    // A time of its own instead of a flag: every request has a record.
    private static readonly TimeSpan Unknown = TimeSpan.MinValue;

    // What an answer from the cache has left over: of all that such a request takes, its record would be a quarter.
    [ThreadStatic]
    private static CallRecord? _spare;

    private MonitoringStep _monitoring;
    private TimeProvider _timeProvider;
    private LlmAttempt[] _attempts = [];
    private List<CallTime>? _calls;
    private List<Deployment>? _calledBefore;
    private ulong _splitCosts;
    private long _elsewhere;
    private TimeSpan _duration = Unknown;
    private TimeSpan _firstToken = Unknown;
    private int _isReported;

    private CallRecord() => (_monitoring, _timeProvider, Request, RequestId, TraceId) = (null!, null!, null!, "", "");

    /// <summary>Gets what tells the time.</summary>
    public TimeProvider Clock => _timeProvider;

    public LlmRequest Request { get; private set; }

    public Activity? Activity { get; private set; }

    /// <summary>Gets when the request began, as a timestamp.</summary>
    public long StartedAt { get; private set; }

    /// <summary>Gets the SDK's identifier of the request.</summary>
    public string RequestId { get; private set; }

    /// <summary>Gets the caller's trace id, or else the current activity's, or else the request's own id.</summary>
    public string TraceId { get; private set; }

    /// <summary>Gets what is measured in the SDK.</summary>
    public LlmTelemetry Telemetry => _monitoring.Telemetry;

    /// <summary>Gets what is measured besides how the request ended; <see langword="null"/> unless somebody wants to know.</summary>
    public CallDetail? Detail { get; private set; }

    /// <summary>Gets the calls that have a span of their own: those that failed, and those after them; at the level Full, all.</summary>
    public IReadOnlyList<CallTime> Calls => _calls ?? (IReadOnlyList<CallTime>)[];

    /// <summary>Gets the deployment that was called last.</summary>
    public Deployment? Called { get; private set; }

    /// <summary>Gets or sets a value indicating whether the provider has counted the tokens of the answer.</summary>
    public bool IsCounted { get; set; }

    public IReadOnlyList<LlmAttempt> Attempts => _attempts;

    /// <summary>Gets or sets where the request goes.</summary>
    public RouteDecision? Route { get; set; }

    /// <summary>Gets or sets what is held back for the current call.</summary>
    public BudgetReservation Reservation { get; set; }

    /// <summary>Gets or sets the leave to make the current call.</summary>
    public CallLease? Lease { get; set; }

    /// <summary>Gets a value indicating whether the caller reads a stream.</summary>
    public bool IsStreamed { get; private set; }

    /// <summary>Gets or sets what of the conversation was changed or left out for the deployment that answered.</summary>
    public LlmHistoryRepairs HistoryRepairs { get; set; }

    /// <summary>Gets or sets how often a broken stream was continued.</summary>
    public int Continuations { get; set; }

    /// <summary>Gets or sets why the model stopped, if it said so.</summary>
    public string? FinishReason { get; set; }

    /// <summary>Gets or sets a value indicating whether another model answered than the one that was asked.</summary>
    public bool HasOtherModel { get; set; }

    public LlmReceipt? Receipt { get; private set; }

    /// <summary>Gets how the request ended: success, cached, cancelled or error.</summary>
    public string Outcome { get; private set; } = null!;

    /// <summary>Gets the class of the failure, if it failed.</summary>
    public string? ErrorType { get; private set; }

    public TimeSpan? TimeToFirstToken => _firstToken == Unknown ? null : _firstToken;

    public TimeSpan Elapsed => _timeProvider.GetElapsedTime(StartedAt);

    public TimeSpan Duration => _duration == Unknown ? Elapsed : _duration;

    /// <summary>Gets the time that was spent neither in calls to the gateway nor in the consumer of a stream.</summary>
    public TimeSpan Overhead => Duration - _timeProvider.GetElapsedTime(0, _elsewhere) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>Gets the cost of the calls made so far.</summary>
    public LlmCost Spent
    {
        get
        {
            LlmCost sum = LlmCost.None;
            foreach (LlmAttempt attempt in _attempts)
            {
                sum += attempt.Cost;
            }

            return sum;
        }
    }

    /// <summary>Begins the record of a request.</summary>
    public static CallRecord Begin(MonitoringStep monitoring, LlmRequest request, TimeProvider timeProvider, bool isStreamed)
    {
        CallRecord call = _spare ?? new CallRecord();
        _spare = null;
        call.Begin(monitoring, timeProvider, request, isStreamed);
        return call;
    }

    public long Now() => _timeProvider.GetTimestamp();

    /// <summary>Gets the time for whoever measures in detail; zero if nobody does.</summary>
    public long Mark() => Detail is null ? 0 : Now();

    public TimeSpan Since(long timestamp) => _timeProvider.GetElapsedTime(timestamp);

    /// <summary>Takes time out of the SDK's own account: the gateway or the consumer had it.</summary>
    public void WasElsewhereSince(long timestamp) => WasElsewhere(_timeProvider.GetTimestamp() - timestamp);

    /// <summary>Does the same for a time in timestamp units.</summary>
    public void WasElsewhere(long time) => _elsewhere += time;

    /// <summary>Lets time pass before the next call.</summary>
    public async ValueTask DelayAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        if (delay <= TimeSpan.Zero)
        {
            return;
        }

        Telemetry.Instruments.RetryDelay?.Record(delay.TotalSeconds);
        long since = Now();
        try
        {
            await Task.Delay(delay, _timeProvider, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            WasElsewhereSince(since);
        }
    }

    /// <summary>Adds one call to one deployment.</summary>
    public void Add(Deployment deployment, TimeSpan duration, LlmCost cost, LlmErrorClass error, int? statusCode, bool isHedge = false)
    {
        if (Called is { } before)
        {
            (_calledBefore ??= new(2)).Add(before);
        }

        Called = deployment;
        Add(new LlmAttempt
        {
            Deployment = deployment.Name,
            Provider = deployment.Provider,
            Duration = duration,
            Cost = cost,
            Error = error,
            StatusCode = statusCode,
            IsHedge = isHedge,
        });
    }

    /// <summary>Gets the deployment of a call.</summary>
    /// <param name="attempt">Its position in <see cref="Attempts"/>.</param>
    public Deployment CalledBy(int attempt) => attempt < _calledBefore?.Count ? _calledBefore[attempt] : Called!;

    /// <summary>Notes that the cost of the last call was reported in parts.</summary>
    public void SplitCost() => _splitCosts |= 1UL << (_attempts.Length - 1);

    /// <summary>Says whether the cost of a call was reported in parts.</summary>
    /// <param name="attempt">Its position in <see cref="Attempts"/>.</param>
    public bool HasSplitCost(int attempt) => (_splitCosts & (1UL << attempt)) != 0;

    private void Add(LlmAttempt attempt)
    {
        // Nearly always it is the only one, and an array of one is half of a list of one.
        _attempts = [.. _attempts, attempt];
        if (Activity is { IsAllDataRequested: true } && (_attempts.Length > 1 || attempt.Error is not LlmErrorClass.None || Detail is not null))
        {
            long end = Now();
            (_calls ??= new(2)).Add(new CallTime(attempt, end - (long)(attempt.Duration.TotalSeconds * _timeProvider.TimestampFrequency), end));
        }
    }

    public void FirstContent()
    {
        _firstToken = TimeToFirstToken ?? Elapsed;
        Lease?.Answered();
    }

    /// <summary>Stops the clock, for the receipt to say how long the request took.</summary>
    public TimeSpan Stop()
    {
        TimeSpan elapsed = Elapsed;
        _duration = elapsed;
        return elapsed;
    }

    /// <summary>Ends the request well.</summary>
    public LlmReceipt Complete(LlmReceipt receipt)
    {
        Receipt = receipt;
        Outcome = receipt.Cache > Caching.CacheOutcome.Miss ? "cached" : "success";
        ErrorType = null;
        return receipt;
    }

    /// <summary>Ends the request badly, after some of it was served.</summary>
    public void Fail(LlmErrorClass error, LlmReceipt receipt)
    {
        Receipt = receipt;
        Fail(error);
    }

    /// <summary>Ends the request badly.</summary>
    public void Fail(Exception exception)
    {
        switch (exception)
        {
            case DeploymentsUnavailableException unavailable:
                Telemetry.NobodyAvailable(Request);
                Fail(unavailable.ErrorClass);
                break;
            case LlmException failure:
                Fail(failure.ErrorClass);
                break;
            case OperationCanceledException:
                Fail(LlmErrorClass.Cancelled);
                break;
            case BudgetExceededException:
                (Outcome, ErrorType) = ("denied", "budget_exceeded");
                break;
            case NoEligibleModelException:
                (Outcome, ErrorType) = ("denied", "no_eligible_model");
                break;
            default:
                (Outcome, ErrorType) = ("error", "internal");
                break;
        }
    }

    /// <summary>Reports a stream whose consumer is gone.</summary>
    public void Abandon()
    {
        Telemetry.Instruments.Abandoned?.Add(1);
        Dispose();
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isReported, 1) == 1)
        {
            return;
        }

        _duration = Duration;
        Lease?.Dispose();
        try
        {
            _monitoring.Report(this);
        }
        finally
        {
            Activity?.Dispose();
        }
    }

    /// <summary>Reports a request that the cache answered, and keeps the record for another one: nobody holds it then, unless somebody measures in detail.</summary>
    public void DisposeForReuse()
    {
        Dispose();
        if (Detail is null && Activity is null && Route is null && _attempts.Length == 0 && _elsewhere == 0 && _firstToken == Unknown)
        {
            (_monitoring, _timeProvider, Request) = (null!, null!, null!);
            _spare = this;
        }
    }

    private void Begin(MonitoringStep monitoring, TimeProvider timeProvider, LlmRequest request, bool isStreamed)
    {
        _monitoring = monitoring;
        _timeProvider = timeProvider;
        StartedAt = timeProvider.GetTimestamp();
        Request = request;
        IsStreamed = isStreamed;
        Activity = monitoring.Begin(request);
        RequestId = ActivityTraceId.CreateRandom().ToHexString();
        TraceId = request.Context.TraceId ?? (Activity ?? Activity.Current)?.TraceId.ToHexString() ?? RequestId;
        Detail = Telemetry.IsDetailed(Activity) ? new CallDetail(this) : null;

        // Nothing else is set where nothing was called.
        _duration = Unknown;
        _isReported = 0;
        Receipt = null;
        Outcome = "error";
        ErrorType = "abandoned";
    }

    private void Fail(LlmErrorClass error)
    {
        Outcome = error is LlmErrorClass.Cancelled ? "cancelled" : "error";
        ErrorType = LlmErrorTypes.NameOf(error);
    }
}
