using System.Security.Cryptography;
using IntegrationLayer.Sdk.Caching;
using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis.Caching;

/// <summary>The right of this process to make one call, which it goes on with until it is ended. It says by a token of its own that it is its own: one that was lost isn't ended or gone on with.</summary>
internal sealed class RedisCallLease : ICallLease
{
    private readonly RedisDependency _redis;
    private readonly RedisCacheParts _parts;
    private readonly RedisKey[] _key;
    private readonly byte[] _token = RandomNumberGenerator.GetBytes(16);
    private readonly TimeSpan _time;
    private ITimer? _renewing;

    public RedisCallLease(RedisDependency redis, RedisCacheParts parts, CacheKey key, TimeSpan time)
    {
        _redis = redis;
        _parts = parts;
        _key = [parts.NameOf("lease", key)];
        _time = time;
        Channel = RedisChannel.Literal(parts.NameOf("landed", key));
    }

    /// <summary>Gets where others hear of its end.</summary>
    public RedisChannel Channel { get; }

    /// <summary>Takes it, if nobody has it.</summary>
    /// <exception cref="RedisUnavailableException">Redis can't be asked.</exception>
    public ValueTask<bool> TryTakeAsync(CancellationToken cancellationToken) => _redis.RunAsync(
        static (redis, me) => redis.StringSetAsync(me._key[0], me._token, me._time, When.NotExists), this, cancellationToken);

    /// <summary>Begins to go on with it.</summary>
    public RedisCallLease Begin()
    {
        _renewing = _parts.Time.CreateTimer(static me => _ = ((RedisCallLease)me!).RunAsync(CacheScript.Renew), this, _time / 3, _time / 3);
        return this;
    }

    public async Task EndAsync()
    {
        if (_renewing is { } renewing)
        {
            await renewing.DisposeAsync().ConfigureAwait(false);
        }

        await RunAsync(CacheScript.Leave).ConfigureAwait(false);
    }

    private async Task RunAsync(string script)
    {
        RedisValue last = ReferenceEquals(script, CacheScript.Leave) ? (string?)Channel : (long)_time.TotalMilliseconds;
        try
        {
            await _redis.RunAsync(
                static (redis, call) => redis.ScriptEvaluateAsync(call.Script, call.Me._key, [call.Me._token, call.Last]), (Me: this, Script: script, Last: last), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RedisUnavailableException or RedisServerException)
        {
            // It expires, and the others go on.
            _parts.Watch.Failed(e, isWriting: true);
        }
    }
}
