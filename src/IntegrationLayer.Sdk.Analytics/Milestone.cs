namespace IntegrationLayer.Sdk.Analytics;

/// <summary>A count that only grows, and that can be waited for.</summary>
internal sealed class Milestone
{
    private readonly Lock _gate = new();
    private readonly List<(long Target, TaskCompletionSource Reached)> _waiting = [];
    private long _value;

    public long Value => Interlocked.Read(ref _value);

    public void Reach(long value)
    {
        List<TaskCompletionSource> reached = [];
        lock (_gate)
        {
            _value = Math.Max(_value, value);
            for (int i = _waiting.Count - 1; i >= 0; i--)
            {
                if (_waiting[i].Target <= _value)
                {
                    reached.Add(_waiting[i].Reached);
                    _waiting.RemoveAt(i);
                }
            }
        }

        foreach (TaskCompletionSource waiter in reached)
        {
            waiter.TrySetResult();
        }
    }

    public Task WaitAsync(long target, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_value >= target)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((target, reached));
            return reached.Task.WaitAsync(cancellationToken);
        }
    }
}
