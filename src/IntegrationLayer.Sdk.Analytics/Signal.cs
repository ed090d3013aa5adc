namespace IntegrationLayer.Sdk.Analytics;

/// <summary>Wakes one waiter; a signal that nobody waited for is kept, several are one.</summary>
internal sealed class Signal
{
    private readonly SemaphoreSlim _pending = new(0, 1);

    public void Set()
    {
        lock (_pending)
        {
            if (_pending.CurrentCount == 0)
            {
                _pending.Release();
            }
        }
    }

    /// <summary>Waits for the signal, at most so long.</summary>
    public async Task<bool> WaitAsync(TimeSpan limit, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task signalled = _pending.WaitAsync(stop.Token);
        Task first = await Task.WhenAny(signalled, Task.Delay(limit, timeProvider, stop.Token)).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        if (first == signalled)
        {
            await signalled.ConfigureAwait(false);
            return true;
        }

        // It may have come in the meantime.
        await signalled.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return signalled.IsCompletedSuccessfully;
    }
}
