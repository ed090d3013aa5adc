namespace IntegrationLayer.Sdk.Analytics;

/// <summary>Wakes one waiter; a signal that nobody waited for is kept, several are one.</summary>
internal sealed class Signal
{
    private volatile TaskCompletionSource _source = New();

    public void Set() => _source.TrySetResult();

    /// <summary>Waits for the signal, at most so long.</summary>
    /// <returns>Whether it came.</returns>
    /// <exception cref="OperationCanceledException">The waiting was cancelled.</exception>
    public async Task<bool> WaitAsync(TimeSpan limit, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        TaskCompletionSource source = _source;
        try
        {
            await source.Task.WaitAsync(limit, timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return false;
        }

        // One that comes before this is answered too: whoever waited looks for what is new only now.
        _source = New();
        return true;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
