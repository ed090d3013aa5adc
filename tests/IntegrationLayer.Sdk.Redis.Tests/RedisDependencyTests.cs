using IntegrationLayer.Sdk.TestSupport.Redis;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis.Tests;

public sealed class RedisDependencyTests
{
    // Long enough for a busy machine; where it matters, the clock is a fake one.
    private static readonly TimeSpan Ample = TimeSpan.FromSeconds(30);

    private RedisServer _server = null!;

    [SetUp]
    public async Task StartAsync() => _server = await RedisServer.StartNewAsync();

    [TearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public async Task Operation_returns_its_result()
    {
        await using RedisConnection connection = Connect();
        RedisDependency dependency = new(connection, "tests", Ample, TimeProvider.System);

        Assert.That(await PingAsync(dependency), Is.GreaterThanOrEqualTo(TimeSpan.Zero));
    }

    [Test]
    public async Task Slow_server_is_given_up_after_the_time_limit()
    {
        await using RedisConnection connection = Connect();
        await connection.GetMultiplexerAsync();
        FakeTimeProvider clock = new();
        RedisDependency dependency = new(connection, "tests", TimeSpan.FromMilliseconds(250), clock);
        _server.Pause();

        ValueTask<TimeSpan> ping = PingAsync(dependency);
        clock.Advance(TimeSpan.FromMilliseconds(249));
        bool wasGivenUp = ping.IsCompleted;
        clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.That(wasGivenUp, Is.False);
        Assert.That(async () => await ping, Throws.TypeOf<RedisUnavailableException>().With.Message.Contains("within 250 ms"));
        _server.Resume();
    }

    [Test]
    public async Task Dead_server_opens_the_breaker_and_a_restarted_one_closes_it()
    {
        await using RedisConnection connection = Connect();
        ConnectionMultiplexer multiplexer = await connection.GetMultiplexerAsync();
        FakeTimeProvider clock = new();
        RedisDependency dependency = new(connection, "tests", Ample, clock);
        TaskCompletionSource restored = new(TaskCreationOptions.RunContinuationsAsynchronously);
        multiplexer.ConnectionRestored += (_, e) => _ = e.ConnectionType is ConnectionType.Interactive && restored.TrySetResult();

        await _server.StopAsync();
        for (int i = 0; i < 5; i++)
        {
            Assert.That(async () => await PingAsync(dependency), Throws.TypeOf<RedisUnavailableException>());
        }

        bool wasOpen = dependency.IsOpen;
        Assert.That(async () => await PingAsync(dependency), Throws.TypeOf<RedisUnavailableException>().With.Message.Contains("tried again within"));
        await _server.StartAsync();
        await restored.Task;
        clock.Advance(StoreBreaker.LongestPause);
        await PingAsync(dependency);

        Assert.That(wasOpen);
        Assert.That(dependency.IsOpen, Is.False);
    }

    [Test]
    public async Task Absent_server_doesnt_stop_the_application_from_starting()
    {
        await _server.StopAsync();
        await using RedisConnection connection = Connect("connectTimeout=200");
        RedisDependency dependency = new(connection, "tests", Ample, TimeProvider.System);

        Assert.That(async () => await PingAsync(dependency), Throws.TypeOf<RedisUnavailableException>());
    }

    [Test]
    public async Task Error_of_the_operation_itself_is_no_failure_of_redis()
    {
        await using RedisConnection connection = Connect();
        RedisDependency dependency = new(connection, "tests", Ample, TimeProvider.System);
        await _server.CommandAsync("SET text v");

        for (int i = 0; i < 6; i++)
        {
            Assert.That(
                async () => await dependency.RunAsync(static (d, _) => d.ListLeftPushAsync("text", "x"), 0, default),
                Throws.TypeOf<RedisServerException>());
        }

        Assert.That(dependency.IsOpen, Is.False);
    }

    [Test]
    public async Task Server_that_refuses_writes_is_unavailable()
    {
        await using RedisConnection connection = Connect();
        RedisDependency dependency = new(connection, "tests", Ample, TimeProvider.System);
        await PingAsync(dependency);
        await _server.MakeReadOnlyAsync();

        Assert.That(
            async () => await dependency.RunAsync(static (d, _) => d.StringSetAsync("k", "v"), 0, default),
            Throws.TypeOf<RedisUnavailableException>());
    }

    [Test]
    public async Task Cancelled_operation_is_no_failure_of_redis()
    {
        await using RedisConnection connection = Connect();
        await connection.GetMultiplexerAsync();
        RedisDependency dependency = new(connection, "tests", Ample, TimeProvider.System);
        _server.Pause();

        for (int i = 0; i < 6; i++)
        {
            using CancellationTokenSource source = new();
            ValueTask<TimeSpan> ping = PingAsync(dependency, source.Token);
            await source.CancelAsync();
            Assert.That(async () => await ping, Throws.InstanceOf<OperationCanceledException>());
        }

        _server.Resume();
        Assert.That(dependency.IsOpen, Is.False);
    }

    [Test]
    public async Task Disposed_connection_says_so()
    {
        RedisConnection connection = Connect();
        await connection.GetMultiplexerAsync();
        await connection.DisposeAsync();
        await connection.DisposeAsync();

        RedisConnection unused = Connect();
        await unused.DisposeAsync();

        Assert.That(async () => await unused.GetMultiplexerAsync(), Throws.TypeOf<ObjectDisposedException>());
    }

    private static ValueTask<TimeSpan> PingAsync(RedisDependency dependency, CancellationToken cancellationToken = default) =>
        dependency.RunAsync(static (database, _) => database.PingAsync(), 0, cancellationToken);

    private RedisConnection Connect(string settings = "") =>
        new(Options.Create(new RedisOptions { Configuration = $"{_server.ConnectionString},{settings}" }));
}
