using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using IntegrationLayer.Sdk.Testing.Faults;

namespace IntegrationLayer.Sdk.Testing;

/// <summary>
/// A TCP proxy on a free port of 127.0.0.1, in front of anything that listens: a gateway, a provider, Redis. What goes through it can be made
/// late, slow, cut or reset by <see cref="Toxic"/>s while it runs, and the server can seem to be down. Safe for concurrent use.
/// </summary>
/// <remarks>Holds up to 1 MiB a connection and direction, beyond which the sender is held up as by the receiver itself.</remarks>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly LoopbackListener _port = new();
    private readonly EndPoint _target;
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _running = [];
    private readonly List<(Func<FaultProxyStatistics, bool> Condition, TaskCompletionSource Met)> _waiting = [];
    private volatile ToxicSet _toxics = new([]);
    private CancellationTokenSource? _up;
    private FaultProxyStatistics _statistics;
    private int _accepted;
    private int _added;
    private bool _isDisposed;

    private FaultProxy(Uri target, FaultProxyOptions options)
    {
        _target = target.HostNameType is UriHostNameType.Dns
            ? new DnsEndPoint(target.Host, target.Port)
            : new IPEndPoint(IPAddress.Parse(target.DnsSafeHost), target.Port);
        Clock = new FaultClock(options.TimeProvider);
        Random = new FaultRandom(options.Seed);

        // Certificates for development are made out to localhost.
        Address = new UriBuilder(target) { Host = target.Scheme == Uri.UriSchemeHttps ? "localhost" : "127.0.0.1", Port = _port.EndPoint.Port }.Uri;
    }

    /// <summary>Gets the target's address with the proxy's host and port in it.</summary>
    public Uri Address { get; }

    /// <summary>Gets a value indicating whether connections are refused.</summary>
    public bool IsDown => Volatile.Read(ref _up) is null;

    /// <summary>Gets what has gone through so far.</summary>
    public FaultProxyStatistics Statistics
    {
        get
        {
            lock (_lock)
            {
                return _statistics;
            }
        }
    }

    internal ToxicSet Toxics => _toxics;

    internal FaultClock Clock { get; }

    internal FaultRandom Random { get; }

    /// <summary>Starts a proxy without toxics.</summary>
    /// <param name="target">Where to pass connections on to: any address with a host and a port, such as <c>http://127.0.0.1:8787/v1/</c> or <c>tcp://localhost:6379</c>.</param>
    /// <param name="options">Clock and seed.</param>
    /// <returns>The running proxy; dispose it to stop.</returns>
    /// <exception cref="ArgumentException">The address has no host or no port.</exception>
    public static FaultProxy Start(Uri target, FaultProxyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (!target.IsAbsoluteUri || target.HostNameType is UriHostNameType.Unknown or UriHostNameType.Basic || target.Port < 0)
        {
            throw new ArgumentException($"'{target}' has no host and port. Give an address such as http://127.0.0.1:8787/v1/ or tcp://localhost:6379.", nameof(target));
        }

        FaultProxy proxy = new(target, options ?? new FaultProxyOptions());
        proxy.BringUp();
        return proxy;
    }

    /// <summary>Adds a toxic, for connections that are open as for those to come.</summary>
    /// <param name="toxic">The toxic.</param>
    public void Add(Toxic toxic)
    {
        ArgumentNullException.ThrowIfNull(toxic);
        Change(items => items.Add(new ActiveToxic(toxic, _added++, Clock.Now)));
    }

    /// <summary>Removes a toxic that was added; one that was not is ignored.</summary>
    /// <param name="toxic">The toxic.</param>
    public void Remove(Toxic toxic)
    {
        ArgumentNullException.ThrowIfNull(toxic);
        Change(items => items.RemoveAll(active => ReferenceEquals(active.Toxic, toxic)));
    }

    /// <summary>Removes all toxics.</summary>
    public void Clear() => Change(static items => items.Clear());

    /// <summary>Closes all connections, and refuses new ones: toxiproxy's <c>down</c>. The port stays the proxy's.</summary>
    public void TakeDown()
    {
        CancellationTokenSource? up;
        lock (_lock)
        {
            up = _up;
            Volatile.Write(ref _up, null);
        }

        up?.Cancel();
    }

    /// <summary>Accepts connections again.</summary>
    /// <exception cref="ObjectDisposedException">The proxy was disposed.</exception>
    public void BringUp()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_up is not null)
            {
                return;
            }

            CancellationTokenSource up = new();
            Socket listener = _port.Listen();

            // Refused at once, not when the loop gets round to it.
            up.Token.UnsafeRegister(static listener => ((Socket)listener!).Dispose(), listener);
            Volatile.Write(ref _up, up);
            Keep(AcceptAsync(listener, up.Token));
        }
    }

    /// <summary>Waits until a condition on the statistics holds. Give a token with a timeout: there is none of its own.</summary>
    /// <param name="condition">For example <c>s => s.OpenConnections == 0</c>. It is asked under a lock, at every change: keep it short.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that completes when it holds.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public async Task WaitForAsync(Func<FaultProxyStatistics, bool> condition, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(condition);
        TaskCompletionSource met = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (condition(_statistics))
            {
                return;
            }

            _waiting.Add((condition, met));
        }

        await met.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes all connections and stops. Afterwards no socket and no task is left.</summary>
    /// <returns>A task that completes then.</returns>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _isDisposed = true;
        }

        TakeDown();

        // Twice at most: the last connection may have been accepted meanwhile.
        for (Task[] running = Running(); running.Length > 0; running = Running())
        {
            await Task.WhenAll(running).ConfigureAwait(false);
        }

        _port.Dispose();
    }

    internal void Count(bool isUpstream, int bytes) => Count(isUpstream
        ? static (s, bytes) => s with { BytesUp = s.BytesUp + bytes }
        : static (s, bytes) => s with { BytesDown = s.BytesDown + bytes }, bytes);

    private void Count(Func<FaultProxyStatistics, int, FaultProxyStatistics> change, int by)
    {
        lock (_lock)
        {
            _statistics = change(_statistics, by);
            for (int i = _waiting.Count - 1; i >= 0; i--)
            {
                if (_waiting[i].Condition(_statistics))
                {
                    _waiting[i].Met.TrySetResult();
                    _waiting.RemoveAt(i);
                }
            }
        }
    }

    private void Change(Func<ImmutableArray<ActiveToxic>, ImmutableArray<ActiveToxic>> change)
    {
        ToxicSet old;
        lock (_lock)
        {
            old = _toxics;
            _toxics = new ToxicSet(change(old.Items));
        }

        old.Retire();
    }

    private async Task AcceptAsync(Socket listener, CancellationToken down)
    {
        try
        {
            while (true)
            {
                Socket client = await listener.AcceptAsync(down).ConfigureAwait(false);
                client.NoDelay = true;
                Keep(ServeAsync(client, Interlocked.Increment(ref _accepted), down));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The proxy was taken down.
        }
    }

    private async Task ServeAsync(Socket client, int number, CancellationToken down)
    {
        Count(static (s, _) => s with { Connections = s.Connections + 1, OpenConnections = s.OpenConnections + 1 }, by: 0);
        await ProxyConnection.RunAsync(this, number, client, _target, down).ConfigureAwait(false);
        Count(static (s, _) => s with { OpenConnections = s.OpenConnections - 1 }, by: 0);
    }

    private Task[] Running()
    {
        lock (_lock)
        {
            return [.. _running.Where(static task => !task.IsCompleted)];
        }
    }

    private void Keep(Task task)
    {
        lock (_lock)
        {
            _running.Add(task);
        }

        _ = task.ContinueWith(
            ended =>
            {
                lock (_lock)
                {
                    _running.Remove(ended);
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }
}
