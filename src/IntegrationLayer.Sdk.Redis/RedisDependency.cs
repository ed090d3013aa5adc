using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis;

/// <summary>
/// One use of Redis, such as the budgets or the cache: it has a time limit and a breaker of its own, so that a slow or absent Redis costs a request one
/// short wait at most, and soon none.
/// </summary>
/// <param name="connection">The shared connection.</param>
/// <param name="name">What it is used for; stands in errors.</param>
/// <param name="timeLimit">How long an operation may take.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class RedisDependency(RedisConnection connection, string name, TimeSpan timeLimit, TimeProvider timeProvider)
{
    private readonly StoreBreaker _breaker = new(timeProvider);

    /// <summary>Gets a value indicating whether operations fail at once, because the last ones failed.</summary>
    public bool IsOpen => _breaker.IsOpen;

    /// <summary>Runs an operation.</summary>
    /// <exception cref="RedisUnavailableException">Redis didn't answer in time, isn't there, or refuses to work. The operation may still have had its effect.</exception>
    /// <exception cref="RedisServerException">Redis answered that the operation itself is wrong.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<TResult> RunAsync<TState, TResult>(Func<IDatabase, TState, Task<TResult>> operation, TState state, CancellationToken cancellationToken)
    {
        if (!_breaker.TryEnter())
        {
            throw new RedisUnavailableException($"Redis failed the last calls of the {name}; it is tried again within {StoreBreaker.LongestPause.TotalSeconds:0} s.");
        }

        try
        {
            ValueTask<IDatabase> database = connection.GetDatabaseAsync();
            Task<TResult> running = database.IsCompletedSuccessfully
                ? operation(database.Result, state)
                : RunWhenConnectedAsync(database, operation, state);
            TResult result = await running.WaitAsync(timeLimit, timeProvider, cancellationToken).ConfigureAwait(false);
            _breaker.Succeeded();
            return result;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Says nothing about Redis.
            _breaker.Left();
            throw;
        }
        catch (RedisServerException e) when (!IsUnableToServe(e.Kind))
        {
            _breaker.Succeeded();
            throw;
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
        {
            _breaker.Failed();
            throw new RedisUnavailableException($"Redis is unavailable for the {name}: {Describe(e)}", e) { MayHaveHappened = MayHaveHappened(e) };
        }
        catch
        {
            _breaker.Left();
            throw;
        }
    }

    private static async Task<TResult> RunWhenConnectedAsync<TState, TResult>(
        ValueTask<IDatabase> database, Func<IDatabase, TState, Task<TResult>> operation, TState state) =>
        await operation(await database.ConfigureAwait(false), state).ConfigureAwait(false);

    // The server is there, but no call of this kind can succeed at the moment.
    private static bool IsUnableToServe(RedisErrorKind kind) => kind is RedisErrorKind.Loading or RedisErrorKind.ReadOnly or RedisErrorKind.OutOfMemory
        or RedisErrorKind.ClusterDown or RedisErrorKind.MasterDown or RedisErrorKind.TryAgain or RedisErrorKind.NoReplicas or RedisErrorKind.Misconfigured
        or RedisErrorKind.Busy or RedisErrorKind.MaxClients or RedisErrorKind.Moved or RedisErrorKind.Ask or RedisErrorKind.UnknownRedirectTarget
        or RedisErrorKind.NoAuth or RedisErrorKind.WrongPass or RedisErrorKind.NoPermission or RedisErrorKind.ConnectionFault or RedisErrorKind.Timeout;

    // A command that waits for the connection is taken back when it fails; one that was written may be carried out even after the connection is gone.
    private static bool MayHaveHappened(Exception exception) => exception switch
    {
        RedisServerException or ObjectDisposedException => false,
        RedisConnectionException e => e.CommandStatus is not (CommandStatus.WaitingToBeSent or CommandStatus.WaitingInBacklog),
        _ => true,
    };

    private string Describe(Exception exception) => exception switch
    {
        RedisServerException server => $"it answers {server.Kind}.",
        TimeoutException => $"no answer within {timeLimit.TotalMilliseconds:0} ms.",
        _ => "no connection.",
    };
}
