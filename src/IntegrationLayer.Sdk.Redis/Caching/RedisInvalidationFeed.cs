using System.Globalization;
using System.Threading.Channels;
using IntegrationLayer.Sdk.Caching;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis.Caching;

/// <summary>
/// Carries invalidations over Redis, which numbers them for all processes and keeps them. A message says that there are new ones; what they are is read, so
/// that a process that missed messages misses nothing: it reads when it is connected again, and every few seconds anyway. Redis that lost them says so, and
/// then all that is older is valid nowhere.
/// </summary>
internal sealed class RedisInvalidationFeed(RedisCacheParts parts, CacheInvalidations invalidations) : IInvalidationFeed, IHostedService, IAsyncDisposable
{
    /// <summary>How often a process looks for invalidations that it wasn't told of.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    // Who hasn't looked for so long doesn't know what is valid in Redis.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);

    // A new process reads all that are kept.
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(1);

    private const int MostLabels = 10_000;

    private readonly RedisDependency _redis = parts.Dependency("cache invalidations", TimeLimit);
    private readonly RedisKey[] _keys = [parts.NameOf("invalidations")];
    private readonly string _channel = parts.NameOf("invalidated");
    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly HashSet<ulong> _untold = [];
    private Task? _running;
    private Task? _catchingUp;
    private long _catchingUpSince;
    private ConnectionMultiplexer? _watched;
    private long _readAt;

    /// <summary>Gets a task that completes when it hears of invalidations.</summary>
    public TaskCompletionSource Listening { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool IsCurrent => Volatile.Read(ref _readAt) is var at and not 0 && parts.Time.GetElapsedTime(at) < LongestSilence;

    public void Listen()
    {
        lock (_gate)
        {
            _running ??= Task.Run(RunAsync);
        }
    }

    public async ValueTask<bool> CatchUpAsync(CancellationToken cancellationToken)
    {
        if (IsCurrent)
        {
            return true;
        }

        Listen();
        long since = parts.Watch.Now;
        try
        {
            (Task catchingUp, TimeSpan left) = CatchUpTogether();
            await catchingUp.WaitAsync(left, parts.Time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (IsOfRedis(e))
        {
            parts.Watch.Failed(e, isWriting: false);
            parts.Watch.Note(SharedCacheResult.Error, since);
            return false;
        }
    }

    public async ValueTask PublishAsync(ReadOnlyMemory<ulong> labels, CancellationToken cancellationToken)
    {
        invalidations.AddUnnumbered(labels.Span);
        Listen();
        await TellAsync(labels).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Listen();
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

    private static bool IsOfRedis(Exception exception) => exception is RedisException or TimeoutException or RedisUnavailableException;

    private static string TextOf(ulong label) => label.ToString("x16", CultureInfo.InvariantCulture);

    private static long StampOf(RedisResult stamp) => (long)double.Parse((string)stamp!, CultureInfo.InvariantCulture);

    private async Task TellAsync(ReadOnlyMemory<ulong> labels)
    {
        try
        {
            await SynchronizeAsync(labels.ToArray()).ConfigureAwait(false);
        }
        catch (Exception e) when (IsOfRedis(e))
        {
            throw new CacheInvalidationException(
                "What was invalidated is given to nobody in this process, and the others couldn't be told: " + (Remember(labels.Span)
                    ? "they are as soon as Redis is there again."
                    : "too many invalidations wait for Redis; invalidate it again when Redis is there.") + " " + e.Message,
                e);
        }

        invalidations.EndUnnumbered(labels.Span);
    }

    private bool Remember(ReadOnlySpan<ulong> labels)
    {
        lock (_gate)
        {
            foreach (ulong label in labels)
            {
                if (_untold.Count >= MostLabels)
                {
                    return false;
                }

                if (!_untold.Add(label))
                {
                    // Once is enough.
                    invalidations.EndUnnumbered([label]);
                }
            }
        }

        return true;
    }

    private void Wake() => _wakes.Writer.TryWrite(true);

    // Of those who wait for the same, nobody waits for longer than the first may.
    private (Task CatchingUp, TimeSpan Left) CatchUpTogether()
    {
        lock (_gate)
        {
            if (_catchingUp is null or { IsCompleted: true })
            {
                (_catchingUp, _catchingUpSince) = (SynchronizeAsync([]), parts.Time.GetTimestamp());
            }

            TimeSpan left = parts.Options.Timeout - parts.Time.GetElapsedTime(_catchingUpSince);
            return (_catchingUp, left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await LookAsync().ConfigureAwait(false);
                await RestAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _watched?.ConnectionRestored -= Reconnected;
        }
    }

    private async Task RestAsync()
    {
        using var pause = new CancellationTokenSource(Pause, parts.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(pause.Token, _stopping.Token);
        try
        {
            await _wakes.Reader.ReadAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!_stopping.IsCancellationRequested)
        {
            // Nobody told of anything: that is no proof.
        }
    }

    private async Task LookAsync()
    {
        ulong[] untold;
        lock (_gate)
        {
            // What is invalidated once more meanwhile has to be told once more.
            untold = [.. _untold];
            _untold.Clear();
        }

        try
        {
            // First it listens, then it looks: what comes between is heard.
            await ListenAsync().ConfigureAwait(false);
            await SynchronizeAsync(untold).ConfigureAwait(false);
            invalidations.EndUnnumbered(untold);
            Listening.TrySetResult();
        }
        catch (Exception e) when (IsOfRedis(e))
        {
            Remember(untold);
            parts.Watch.Failed(e, isWriting: false);
        }
    }

    // Once it listens, the connection renews the subscription by itself.
    private async Task ListenAsync()
    {
        if (_watched is not null)
        {
            return;
        }

        ConnectionMultiplexer multiplexer = await parts.Connection.GetMultiplexerAsync().AsTask().WaitAsync(_stopping.Token).ConfigureAwait(false);
        await multiplexer.GetSubscriber().SubscribeAsync(RedisChannel.Literal(_channel), (_, _) => Wake()).WaitAsync(TimeLimit, parts.Time, _stopping.Token).ConfigureAwait(false);
        multiplexer.ConnectionRestored += Reconnected;
        _watched = multiplexer;
    }

    private void Reconnected(object? sender, ConnectionFailedEventArgs e) => Wake();

    private async Task SynchronizeAsync(ulong[] labels)
    {
        long at = parts.Time.GetTimestamp();
        RedisValue[] arguments = [invalidations.Current, MostLabels, _channel, .. labels.Select(static l => (RedisValue)TextOf(l))];
        RedisResult[] reply = await _redis.RunAsync(
            static async (redis, state) => (RedisResult[])(await redis.ScriptEvaluateAsync(CacheScript.Invalidate, state.Keys, state.Arguments).ConfigureAwait(false))!,
            (Keys: _keys, Arguments: arguments),
            CancellationToken.None).ConfigureAwait(false);
        var invalidated = new List<KeyValuePair<ulong, long>>();
        for (int i = 2; i + 1 < reply.Length; i += 2)
        {
            // What isn't a label is the floor, or somebody else's.
            if (ulong.TryParse((string?)reply[i], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong label))
            {
                invalidated.Add(new(label, StampOf(reply[i + 1])));
            }
        }

        invalidations.Learn(invalidated, StampOf(reply[1]), StampOf(reply[0]));
        Volatile.Write(ref _readAt, Math.Max(1, at));
        parts.Watch.Succeeded(isWriting: false);
    }
}
