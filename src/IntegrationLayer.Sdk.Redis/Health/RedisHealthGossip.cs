using System.Threading.Channels;
using IntegrationLayer.Sdk.Resilience;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis.Health;

/// <summary>Carries rumors by Redis' publish and subscribe. No request ever waits for it, and without Redis each process sees for itself, as always.</summary>
internal sealed class RedisHealthGossip : IHealthObserver, IHostedService, IAsyncDisposable
{
    // What can't be told in time is of no use any more.
    private const int MostUntold = 256;
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(5);

    private readonly RedisConnection _connection;
    private readonly RumorMill _mill;
    private readonly RumorSeal _seal;
    private readonly TimeProvider _time;
    private readonly RedisChannel _channel;
    private readonly Channel<Rumor> _untold = Channel.CreateBounded<Rumor>(new BoundedChannelOptions(MostUntold) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private Task? _running;

    public RedisHealthGossip(RedisConnection connection, RumorMill mill, RumorSeal seal, TimeProvider time, string channel)
    {
        _connection = connection;
        _mill = mill;
        _seal = seal;
        _time = time;
        _channel = RedisChannel.Literal(channel);
    }

    /// <summary>Gets a task that completes when it listens.</summary>
    public TaskCompletionSource Listening { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Names the channel of the processes that share a key prefix.</summary>
    public static string ChannelOf(string keyPrefix) => $"{keyPrefix}:health";

    public void Changed(in HealthChange change)
    {
        if (_mill.Of(change) is { } rumor)
        {
            _untold.Writer.TryWrite(rumor);
            Start();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        Task? running;
        lock (_gate)
        {
            running = _running;
            _running ??= Task.CompletedTask;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        if (running is not null)
        {
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Also by the first change: not every application runs hosted services.
    private void Start()
    {
        lock (_gate)
        {
            _running ??= Task.Run(RunAsync);
        }
    }

    private async Task RunAsync()
    {
        ISubscriber subscriber = await ListenAsync().ConfigureAwait(false);
        await foreach (Rumor rumor in _untold.Reader.ReadAllAsync(_stopping.Token).ConfigureAwait(false))
        {
            try
            {
                await subscriber.PublishAsync(_channel, _seal.Write(rumor)).WaitAsync(RetryPause, _time, _stopping.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (IsOfRedis(e))
            {
                // The others find out for themselves.
            }
        }
    }

    // Once it listens, the connection renews the subscription by itself.
    private async Task<ISubscriber> ListenAsync()
    {
        while (true)
        {
            try
            {
                ISubscriber subscriber = (await _connection.GetMultiplexerAsync().ConfigureAwait(false)).GetSubscriber();
                await subscriber.SubscribeAsync(_channel, (_, message) => _mill.Hear(_seal.Read(message))).ConfigureAwait(false);
                Listening.TrySetResult();
                return subscriber;
            }
            catch (Exception e) when (IsOfRedis(e))
            {
                await Task.Delay(RetryPause, _time, _stopping.Token).ConfigureAwait(false);
            }
        }
    }

    private static bool IsOfRedis(Exception exception) => exception is RedisException or TimeoutException;
}
