using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis;

/// <summary>
/// The one connection that all parts of the package share. It connects when it is first asked for, goes on trying while Redis is away,
/// and never makes a request wait for Redis to come back.
/// </summary>
internal sealed class RedisConnection(IOptions<RedisOptions> options) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private Task<ConnectionMultiplexer>? _connecting;
    private bool _isDisposed;
    private bool _isCluster;

    /// <summary>Gets what the names of all keys begin with.</summary>
    public string KeyPrefix => options.Value.KeyPrefix;

    /// <summary>Gets the database of the configuration; its methods fail at once while there is no connection.</summary>
    /// <exception cref="ObjectDisposedException">The connection was disposed.</exception>
    public async ValueTask<IDatabase> GetDatabaseAsync() => (await GetMultiplexerAsync().ConfigureAwait(false)).GetDatabase();

    /// <summary>Gets the connection. The first call waits for it at most the configured time to connect; a server that isn't there is tried again in the background.</summary>
    /// <exception cref="ObjectDisposedException">The connection was disposed.</exception>
    public ValueTask<ConnectionMultiplexer> GetMultiplexerAsync()
    {
        Task<ConnectionMultiplexer>? connecting = Volatile.Read(ref _connecting);
        if (connecting is null || connecting.IsFaulted)
        {
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                if (_connecting is null || _connecting.IsFaulted)
                {
                    _connecting = ConnectionMultiplexer.ConnectAsync(Settings());
                }

                connecting = _connecting;
            }
        }

        return new(connecting);
    }

    /// <summary>Tells whether keys lie on several nodes, so that a script can only work with those of one hash tag.</summary>
    public async ValueTask<bool> IsClusterAsync()
    {
        if (!_isCluster)
        {
            _isCluster = Array.Exists((await GetMultiplexerAsync().ConfigureAwait(false)).GetServers(), static server => server.ServerType is ServerType.Cluster);
        }

        return _isCluster;
    }

    public async ValueTask DisposeAsync()
    {
        Task<ConnectionMultiplexer>? connecting;
        lock (_gate)
        {
            (connecting, _isDisposed) = (_connecting, true);
        }

        if (connecting is not null)
        {
            try
            {
                await (await connecting.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
            }
            catch (RedisException)
            {
                // It never connected, so there is nothing to close.
            }
        }
    }

    private ConfigurationOptions Settings()
    {
        RedisOptions value = options.Value;
        ConfigurationOptions settings = value.ConfigurationOptions?.Clone() ?? ConfigurationOptions.Parse(value.Configuration!);
        settings.AbortOnConnectFail = false;
        settings.BacklogPolicy = BacklogPolicy.FailFast;
        settings.ClientName ??= "IntegrationLayer.Sdk";
        return settings;
    }
}
