namespace IntegrationLayer.Sdk.Caching;

/// <summary>Lets one of several processes make a call while the others wait for its answer.</summary>
internal interface ICallLeases
{
    /// <summary>Waits until a process may make its call, or needn't. It never fails: who can't find out makes its call.</summary>
    /// <param name="key">What is asked.</param>
    /// <param name="look">Looks whether the answer is there by now.</param>
    /// <param name="most">How long it may wait.</param>
    /// <param name="cancellationToken">Cancels the waiting.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<CallTurn> WaitAsync(CacheKey key, Func<CancellationToken, ValueTask<bool>> look, TimeSpan most, CancellationToken cancellationToken);
}
