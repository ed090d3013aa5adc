namespace IntegrationLayer.Sdk.TestSupport.Provider;

/// <summary>The requests a server received, in their order of arrival. Safe for concurrent use.</summary>
internal sealed class RequestLog
{
    private readonly List<RecordedRequest> _requests = [];
    private readonly Lock _lock = new();
    private TaskCompletionSource _arrival = NewArrival();

    public IReadOnlyList<RecordedRequest> Snapshot(string? prefix)
    {
        lock (_lock)
        {
            return [.. _requests.Where(request => prefix is null || request.Prefix == prefix)];
        }
    }

    public void Add(RecordedRequest request)
    {
        TaskCompletionSource arrival;
        lock (_lock)
        {
            _requests.Add(request);
            arrival = _arrival;
            _arrival = NewArrival();
        }

        arrival.SetResult();
    }

    public async Task<IReadOnlyList<RecordedRequest>> WaitAsync(int count, string? prefix, TimeSpan limit)
    {
        using CancellationTokenSource tooLate = new(limit);
        while (true)
        {
            // Taken before the look, so that an arrival in between isn't missed.
            Task arrival = NextArrival();
            IReadOnlyList<RecordedRequest> requests = Snapshot(prefix);
            if (requests.Count >= count)
            {
                return requests;
            }

            try
            {
                await arrival.WaitAsync(tooLate.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException(
                    $"{requests.Count} of {count} requests arrived at '{prefix ?? "any prefix"}' within {limit.TotalSeconds:0.###} s.");
            }
        }
    }

    private static TaskCompletionSource NewArrival() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Task NextArrival()
    {
        lock (_lock)
        {
            return _arrival.Task;
        }
    }
}
