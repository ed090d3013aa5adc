using System.Text;

namespace IntegrationLayer.Sdk.Testing.Scripting;

/// <summary>The routes of a fake, the requests it got, and what went wrong. Safe for concurrent use.</summary>
/// <typeparam name="TRequest">What is answered.</typeparam>
/// <typeparam name="TAnswer">What is given.</typeparam>
internal sealed class RouteTable<TRequest, TAnswer>(int maxRequests, long maxBytes, Func<TRequest, long> size, Func<TRequest, string> describe)
    where TRequest : class
{
    private readonly Lock _gate = new();
    private readonly List<RouteScript<TRequest, TAnswer>> _routes = [];
    private readonly Queue<TRequest> _requests = new();
    private readonly List<string> _failures = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiters = [];
    private RouteScript<TRequest, TAnswer>? _default;
    private long _bytes;
    private int _count;

    /// <summary>The requests kept, oldest first.</summary>
    public IReadOnlyList<TRequest> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>All requests ever received.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    /// <summary>Adds a route; routes are asked in the order of adding.</summary>
    public RouteScript<TRequest, TAnswer> Add(string name, Func<TRequest, bool> matches)
    {
        RouteScript<TRequest, TAnswer> route = new(_gate, name, matches);
        lock (_gate)
        {
            _routes.Add(route);
        }

        return route;
    }

    /// <summary>The route that is asked after all others; made by the first call and not verified.</summary>
    public RouteScript<TRequest, TAnswer> Default(string name, Func<TRequest, bool> matches)
    {
        lock (_gate)
        {
            if (_default is null)
            {
                _default = new RouteScript<TRequest, TAnswer>(_gate, name, matches);
                _default.MakeOptional();
            }

            return _default;
        }
    }

    /// <summary>Records a request and takes its answer.</summary>
    /// <param name="request">The request.</param>
    /// <param name="required">False neither records nor throws when no route matches.</param>
    /// <returns>The answer's step; null only when not required.</returns>
    /// <exception cref="UnmatchedRequestException">No route answers the request.</exception>
    public ScriptStep<TRequest, TAnswer>? Take(TRequest request, bool required = true)
    {
        List<TaskCompletionSource> reached = [];
        try
        {
            lock (_gate)
            {
                ScriptStep<TRequest, TAnswer>? step = Find(request);
                if (step is not null || required)
                {
                    Record(request, reached);
                }

                return step ?? (required ? throw Unmatched(request) : null);
            }
        }
        finally
        {
            reached.ForEach(waiter => waiter.TrySetResult());
        }
    }

    /// <summary>Notes that a request could not be answered for a fault in the script.</summary>
    public void Fail(TRequest request, Exception exception)
    {
        lock (_gate)
        {
            _failures.Add($"the script threw {exception.GetType().Name} for {describe(request)}: {exception.Message}");
        }
    }

    /// <summary>Completes when this many requests were received since the beginning.</summary>
    public Task WaitAsync(int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        lock (_gate)
        {
            if (_count >= count)
            {
                return Task.CompletedTask;
            }

            TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((count, reached));
            return reached.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Throws when an answer was not given often enough, or a request was not answered.</summary>
    /// <exception cref="FakeVerificationException">Says what is missing.</exception>
    public void Verify()
    {
        lock (_gate)
        {
            List<string> problems = [.. _routes.SelectMany(route => route.Shortfalls()), .. _failures];
            if (problems.Count > 0)
            {
                throw new FakeVerificationException("The script was not played as expected:\n  " + string.Join("\n  ", problems));
            }
        }
    }

    private ScriptStep<TRequest, TAnswer>? Find(TRequest request)
    {
        foreach (RouteScript<TRequest, TAnswer> route in _routes)
        {
            if (route.Take(request) is { } step)
            {
                return step;
            }
        }

        return _default?.Take(request);
    }

    private void Record(TRequest request, List<TaskCompletionSource> reached)
    {
        _requests.Enqueue(request);
        _bytes += size(request);
        while (_requests.Count > maxRequests || (_bytes > maxBytes && _requests.Count > 1))
        {
            _bytes -= size(_requests.Dequeue());
        }

        _count++;
        reached.AddRange(_waiters.Where(waiter => waiter.Count <= _count).Select(waiter => waiter.Reached));
        _waiters.RemoveAll(waiter => waiter.Count <= _count);
    }

    private UnmatchedRequestException Unmatched(TRequest request)
    {
        _failures.Add($"no route answered {describe(request)}");
        StringBuilder message = new($"No route answers {describe(request)}. ");
        message.Append(_routes.Count == 0 ? "No route is scripted." : "Routes, in the order asked:");
        foreach (RouteScript<TRequest, TAnswer> route in _routes)
        {
            message.Append('\n').Append("  ").Append(route);
        }

        return new UnmatchedRequestException(message.ToString());
    }
}
