using System.Net;
using System.Net.Sockets;
using System.Text;
using IntegrationLayer.Sdk.TestSupport.Redis;

namespace IntegrationLayer.Sdk.Integration.Tests.Infrastructure;

public sealed class RedisServerTests
{
    [Test]
    public async Task Restarted_server_is_empty_and_on_its_port()
    {
        await using RedisServer server = await RedisServer.StartNewAsync();
        string stored = await SendAsync(server, "SET k v");
        string before = await SendAsync(server, "EXISTS k");

        await server.StopAsync();
        Assert.That(() => SendAsync(server, "PING"), Throws.InstanceOf<SocketException>());
        await server.StartAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(stored, Is.EqualTo("+OK"));
            Assert.That(before, Is.EqualTo(":1"));
            Assert.That(await SendAsync(server, "EXISTS k"), Is.EqualTo(":0"));
        }
    }

    [Test]
    public async Task Paused_server_answers_only_after_resume()
    {
        await using RedisServer server = await RedisServer.StartNewAsync();

        server.Pause();
        Task<string> answer = SendAsync(server, "PING");
        bool wasStopped = server.IsPaused;
        server.Resume();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(wasStopped);
            Assert.That(server.IsPaused, Is.False);
            Assert.That(await answer, Is.EqualTo("+PONG"));
        }
    }

    [Test]
    public async Task Paused_server_can_be_disposed()
    {
        RedisServer server = await RedisServer.StartNewAsync();
        server.Pause();

        await server.DisposeAsync();

        Assert.That(server.Pause, Throws.InvalidOperationException.With.Message.Contains("start it first"));
    }

    private static async Task<string> SendAsync(RedisServer server, string command)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, server.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"));
        using StreamReader reader = new(client.GetStream());
        return await reader.ReadLineAsync() ?? "";
    }
}
