using System.Net.Sockets;

namespace IntegrationLayer.Sdk.Testing.Tests;

public sealed class FaultProxyTests
{
    [Test]
    public async Task Without_toxics_everything_passes_in_both_directions()
    {
        await using ProxiedConnection connection = new();
        await connection.ConnectAsync();

        await connection.SendAsync(connection.Client, "question");
        string asked = await connection.ReceiveAsync(connection.Server, 8);
        await connection.SendAsync(connection.Server, "the answer");
        string answered = await connection.ReceiveAsync(connection.Client, 10);

        Assert.That((asked, answered), Is.EqualTo(("question", "the answer")));
        Assert.That(connection.Proxy.Statistics, Is.EqualTo(new FaultProxyStatistics(1, 1, 8, 10)));
    }

    [Test]
    public async Task Much_data_passes_unchanged_and_in_order()
    {
        await using ProxiedConnection connection = new();
        await connection.ConnectAsync();
        string text = string.Concat(Enumerable.Range(0, 1_000_000).Select(i => (char)('a' + (i % 26))));

        Task sending = connection.SendAsync(connection.Server, text);
        string received = await connection.ReceiveAsync(connection.Client, text.Length);
        await sending;

        Assert.That(received, Is.EqualTo(text));
    }

    [Test]
    public async Task Half_closed_connection_stays_open_in_the_other_direction()
    {
        await using ProxiedConnection connection = new();
        await connection.ConnectAsync();

        connection.Client.Shutdown(SocketShutdown.Send);
        string end = await connection.ReceiveAsync(connection.Server);
        await connection.SendAsync(connection.Server, "still here");
        string late = await connection.ReceiveAsync(connection.Client, 10);

        Assert.That((end, late), Is.EqualTo(("", "still here")));
    }

    [Test]
    public async Task Connection_that_both_sides_have_closed_is_gone()
    {
        await using ProxiedConnection connection = new();
        await connection.ConnectAsync();

        connection.Client.Dispose();
        Assert.That(await connection.ReceiveAsync(connection.Server), Is.Empty);
        connection.Server.Dispose();

        await connection.Proxy.WaitForAsync(s => s is { Connections: 1, OpenConnections: 0 }, connection.Limit);
    }

    [Test]
    public async Task Reset_of_one_side_is_a_reset_for_the_other([Values] bool byClient)
    {
        await using ProxiedConnection connection = new();
        await connection.ConnectAsync();
        (Socket dying, Socket left) = byClient ? (connection.Client, connection.Server) : (connection.Server, connection.Client);

        dying.LingerState = new LingerOption(enable: true, seconds: 0);
        dying.Dispose();

        Assert.That(await connection.IsResetAsync(left), Is.True);
    }

    [Test]
    public async Task Server_that_is_not_there_is_a_reset()
    {
        await using ProxiedConnection connection = new();
        connection.StopServer();

        Assert.That(await connection.IsResetAsync(), Is.True);
    }

    [Test]
    public async Task Down_refuses_and_closes_and_up_takes_connections_at_the_same_address()
    {
        await using ProxiedConnection connection = new();
        await connection.ConnectAsync();

        connection.Proxy.TakeDown();
        bool wasDown = connection.Proxy.IsDown;
        SocketException? refused = await Assert.ThrowsAsync<SocketException>(connection.DialAsync);
        string end = await connection.ReceiveAsync(connection.Client);
        connection.Proxy.BringUp();
        connection.Proxy.BringUp();
        await connection.ConnectAsync();
        await connection.SendAsync(connection.Client, "back");

        Assert.That(refused!.SocketErrorCode, Is.EqualTo(SocketError.ConnectionRefused));
        Assert.That((wasDown, connection.Proxy.IsDown, end), Is.EqualTo((true, false, "")));
        Assert.That(await connection.ReceiveAsync(connection.Server, 4), Is.EqualTo("back"));
    }

    [Test]
    public async Task Disposal_closes_everything_and_refuses_from_then_on()
    {
        ProxiedConnection connection = new();
        await connection.ConnectAsync();

        await connection.Proxy.DisposeAsync();
        await connection.Proxy.DisposeAsync();

        Assert.That(connection.Proxy.Statistics.OpenConnections, Is.Zero);
        Assert.That(await connection.ReceiveAsync(connection.Client), Is.Empty);
        Assert.That(connection.Proxy.BringUp, Throws.TypeOf<ObjectDisposedException>());
        await Assert.ThrowsAsync<SocketException>(connection.DialAsync);
        await connection.DisposeAsync();
    }

    [Test]
    public async Task Waiting_ends_with_its_token()
    {
        await using ProxiedConnection connection = new();
        using CancellationTokenSource source = new();

        Task waiting = connection.Proxy.WaitForAsync(s => s.Connections == 1, source.Token);
        await source.CancelAsync();

        await Assert.CatchAsync<OperationCanceledException>(() => waiting);
    }

    [TestCase("http://localhost:8787/v1/", "http://127.0.0.1:{0}/v1/")]
    [TestCase("https://example.com/v1/", "https://localhost:{0}/v1/")]
    [TestCase("tcp://[::1]:6379", "tcp://127.0.0.1:{0}")]
    public async Task Address_is_the_targets_but_for_host_and_port(string target, string expected)
    {
        await using FaultProxy proxy = FaultProxy.Start(new Uri(target));

        Assert.That(
            proxy.Address.ToString().TrimEnd('/'),
            Is.EqualTo(string.Format(System.Globalization.CultureInfo.InvariantCulture, expected, proxy.Address.Port).TrimEnd('/')));
    }

    [TestCase("relative")]
    [TestCase("tcp://host")]
    [TestCase("file:///tmp/x")]
    public void Address_without_host_and_port_is_refused(string target) => Assert.That(
        () => FaultProxy.Start(new Uri(target, UriKind.RelativeOrAbsolute)), Throws.ArgumentException.With.Message.Contains("host and port"));

    [Test]
    public async Task Backlog_that_is_full_neither_makes_connections_nor_refuses_them()
    {
        using BacklogFullListener silent = new();
        using CancellationTokenSource limit = new();
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);

        Task connecting = socket.ConnectAsync("127.0.0.1", silent.Address.Port, limit.Token).AsTask();
        Assert.That(connecting.IsCompleted, Is.False);
        await limit.CancelAsync();

        await Assert.CatchAsync<OperationCanceledException>(() => connecting);
    }
}
