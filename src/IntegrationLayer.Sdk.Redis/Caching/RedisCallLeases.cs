using System.Threading.Channels;
using IntegrationLayer.Sdk.Caching;
using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis.Caching;

/// <summary>
/// Leases on calls, one key each, that expire unless their process goes on with them. Who comes second waits for the message that the lease has ended, and
/// tries from time to time whether it has expired. Whatever fails, a process makes its call.
/// </summary>
internal sealed class RedisCallLeases(RedisCacheParts parts, RedisCallSharingOptions options) : ICallLeases
{
    // How long a process goes on waiting for one that has died after its lease expired, at most.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly RedisDependency _redis = parts.Dependency("shared calls", parts.Options.Timeout);

    public async ValueTask<CallTurn> WaitAsync(CacheKey key, Func<CancellationToken, ValueTask<bool>> look, TimeSpan most, CancellationToken cancellationToken)
    {
        TimeSpan limit = most < options.LongestWait ? most : options.LongestWait;
        long since = parts.Time.GetTimestamp();
        var lease = new RedisCallLease(_redis, parts, key, options.Lease);
        Listening? listening = null;
        try
        {
            while (true)
            {
                if (await lease.TryTakeAsync(cancellationToken).ConfigureAwait(false))
                {
                    return await ConcludeAsync(lease, look, cancellationToken).ConfigureAwait(false);
                }

                if (listening is null)
                {
                    // Only then it can't miss the end of what it waits for; it may have ended meanwhile.
                    listening = await ListenAsync(lease.Channel, cancellationToken).ConfigureAwait(false);
                    continue;
                }

                TimeSpan left = limit - parts.Time.GetElapsedTime(since);
                if (left <= TimeSpan.Zero)
                {
                    return default;
                }

                if (await listening.HeardAsync(left < Pause ? left : Pause, parts.Time, cancellationToken).ConfigureAwait(false))
                {
                    // An answer that wasn't kept isn't waited for once more, by one after the other.
                    return new CallTurn(await look(cancellationToken).ConfigureAwait(false), null);
                }
            }
        }
        catch (Exception e) when (e is RedisUnavailableException or RedisException or TimeoutException or ObjectDisposedException)
        {
            parts.Watch.Failed(e, isWriting: true);

            // It may have been taken all the same.
            _ = lease.EndAsync();
            return default;
        }
        catch (OperationCanceledException)
        {
            _ = lease.EndAsync();
            throw;
        }
        finally
        {
            listening?.End();
        }
    }

    // Between the look that found nothing and the lease, another may have answered.
    private static async ValueTask<CallTurn> ConcludeAsync(RedisCallLease lease, Func<CancellationToken, ValueTask<bool>> look, CancellationToken cancellationToken)
    {
        bool isAnswered = true;
        try
        {
            isAnswered = await look(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (isAnswered)
            {
                await lease.EndAsync().ConfigureAwait(false);
            }
        }

        return isAnswered ? new CallTurn(true, null) : new CallTurn(false, lease.Begin());
    }

    private async Task<Listening> ListenAsync(RedisChannel channel, CancellationToken cancellationToken)
    {
        ISubscriber subscriber = (await parts.Connection.GetMultiplexerAsync().ConfigureAwait(false)).GetSubscriber();
        var listening = new Listening(subscriber, channel);
        await subscriber.SubscribeAsync(channel, listening.Hear).WaitAsync(parts.Options.Timeout, parts.Time, cancellationToken).ConfigureAwait(false);
        return listening;
    }

    private sealed class Listening(ISubscriber subscriber, RedisChannel channel)
    {
        private readonly Channel<bool> _heard = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        public void Hear(RedisChannel from, RedisValue message) => _heard.Writer.TryWrite(true);

        public async ValueTask<bool> HeardAsync(TimeSpan most, TimeProvider time, CancellationToken cancellationToken)
        {
            using var pause = new CancellationTokenSource(most, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(pause.Token, cancellationToken);
            try
            {
                return await _heard.Reader.WaitToReadAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return false;
            }
        }

        public void End() => subscriber.Unsubscribe(channel, Hear, CommandFlags.FireAndForget);
    }
}
