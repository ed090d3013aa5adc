using System.Net.Sockets;
using IntegrationLayer.Sdk.TestSupport.Redis;

namespace IntegrationLayer.Sdk.Integration.Tests.Infrastructure;

public sealed class RedisServerTests
{
    [Test]
    public async Task Restarted_server_is_empty_and_on_its_port()
    {
        await using RedisServer server = await RedisServer.StartNewAsync();
        string stored = await server.CommandAsync("SET k v");
        string before = await server.CommandAsync("EXISTS k");

        await server.StopAsync();
        Assert.That(() => server.CommandAsync("PING"), Throws.InstanceOf<SocketException>());
        await server.StartAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(stored, Is.EqualTo("+OK"));
            Assert.That(before, Is.EqualTo(":1"));
            Assert.That(await server.CommandAsync("EXISTS k"), Is.EqualTo(":0"));
        }
    }

    [Test]
    public async Task Paused_server_answers_only_after_resume()
    {
        await using RedisServer server = await RedisServer.StartNewAsync();

        server.Pause();
        Task<string> answer = server.CommandAsync("PING");
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

    [Test]
    public async Task Durable_server_comes_back_as_it_was()
    {
        await using RedisServer server = await RedisServer.StartNewAsync(isDurable: true);
        await server.CommandAsync("SET k v");

        await server.StopAsync();
        await server.StartAsync();
        string restarted = await server.CommandAsync("EXISTS k");
        await server.FlushAsync();

        Assert.That(restarted, Is.EqualTo(":1"));
        Assert.That(await server.CommandAsync("EXISTS k"), Is.EqualTo(":0"));
    }

    [Test]
    public async Task Read_only_server_refuses_writes_until_it_is_writable()
    {
        await using RedisServer server = await RedisServer.StartNewAsync();

        await server.MakeReadOnlyAsync();
        Assert.That(() => server.CommandAsync("SET k v"), Throws.InvalidOperationException.With.Message.Contains("READONLY"));
        await server.MakeWritableAsync();

        Assert.That(await server.CommandAsync("SET k v"), Is.EqualTo("+OK"));
    }
}
