using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using IntegrationLayer.Sdk.TestSupport.Processes;

namespace IntegrationLayer.Sdk.TestSupport.Redis;

/// <summary>A real Redis server on a free loopback port. Unless it is durable it keeps nothing on disk: a restart comes back empty.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private const string Cure = "Run tests/run.sh, or 'apt-get install redis-server'.";

    private const int MostAttempts = 5;

    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(10);

    private readonly string _program;
    private readonly bool _isDurable;
    private readonly bool _isCluster;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("il-redis-");
    private ChildProcess? _process;

    private RedisServer(string program, bool isDurable, bool isCluster)
    {
        _program = program;
        _isDurable = isDurable;
        _isCluster = isCluster;
        Port = LoopbackPort.Find();
    }

    /// <summary>The port on 127.0.0.1. It stays the same over a restart.</summary>
    public int Port { get; }

    /// <summary><c>127.0.0.1:N</c>.</summary>
    public string ConnectionString => $"127.0.0.1:{Port}";

    /// <summary>The last lines the server wrote.</summary>
    public string Output => _process?.Output ?? "(Redis is not running)";

    /// <summary>Starts a server and waits until it answers (about 0.1 s).</summary>
    /// <param name="isDurable">Whether each write is on disk before it is answered, so that a restart comes back as it was.</param>
    /// <param name="isCluster">Whether it is a cluster of one node, which refuses commands whose keys have different hash tags.</param>
    /// <exception cref="FileNotFoundException">Redis is missing. The message says how to install it.</exception>
    public static async Task<RedisServer> StartNewAsync(bool isDurable = false, bool isCluster = false)
    {
        string program = Executable.Find("redis-server", Cure);
        for (int attempt = 1; ; attempt++)
        {
            RedisServer server = new(program, isDurable, isCluster);
            try
            {
                await server.StartAsync();
                return server;
            }
            catch (InvalidOperationException) when (attempt < MostAttempts)
            {
                // Somebody else took its port between the search and the start.
                await server.DisposeAsync();
            }
        }
    }

    /// <summary>Starts the stopped server again on its old port, empty unless it is durable.</summary>
    /// <exception cref="InvalidOperationException">It is running, or it ended before it was ready.</exception>
    public async Task StartAsync()
    {
        if (_process is not null)
        {
            throw new InvalidOperationException("Redis is running: stop it first.");
        }

        string[] arguments =
        [
            "--port", $"{Port}",
            "--bind", "127.0.0.1",
            "--dir", _folder.FullName,
            "--save", "",
            "--appendonly", _isDurable ? "yes" : "no",
            "--appendfsync", "always",
            "--cluster-enabled", _isCluster ? "yes" : "no",
            "--cluster-port", $"{(_isCluster ? LoopbackPort.Find() : 0)}",
        ];
        _process = ChildProcess.Start(new ProcessStartInfo(_program, arguments));
        try
        {
            await _process.WaitUntilReadyAsync("Redis", PingAsync, ReadyLimit);
            if (_isCluster)
            {
                await SendAsync("CLUSTER ADDSLOTSRANGE 0 16383");
                await _process.WaitUntilReadyAsync("Redis", async () => await SendAsync("SET ready 1") == "+OK", ReadyLimit);
            }
        }
        catch
        {
            await StopAsync();
            throw;
        }
    }

    /// <summary>Kills the server (SIGKILL): connections break, new ones are refused.</summary>
    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.DisposeAsync();
        }
    }

    /// <summary>Freezes the server (SIGSTOP): connections stay open and are accepted, but nothing answers.</summary>
    /// <remarks>Returns when it is frozen: the kernel takes a moment.</remarks>
    /// <exception cref="TimeoutException">It was not frozen within 10 seconds.</exception>
    public void Pause()
    {
        UnixSignal.Pause(RunningId());
        if (!SpinWait.SpinUntil(() => IsPaused, TimeSpan.FromSeconds(10)))
        {
            throw new TimeoutException("The Redis server was still running 10 s after SIGSTOP.");
        }
    }

    /// <summary>Ends <see cref="Pause"/>: commands sent meanwhile are answered now.</summary>
    public void Resume() => UnixSignal.Resume(RunningId());

    /// <summary>Gets a value indicating whether <see cref="Pause"/> is in force.</summary>
    public bool IsPaused => UnixSignal.IsPaused(RunningId());

    /// <summary>Makes the server wait before it answers anybody (CLIENT PAUSE), without freezing it.</summary>
    public Task PauseClientsAsync(TimeSpan duration) => CommandAsync($"CLIENT PAUSE {duration.TotalMilliseconds:0} ALL");

    /// <summary>Deletes all data (FLUSHALL).</summary>
    public Task FlushAsync() => CommandAsync("FLUSHALL");

    /// <summary>Makes the server a replica of nobody who answers: writes are refused with READONLY.</summary>
    public Task MakeReadOnlyAsync() => CommandAsync("REPLICAOF 127.0.0.1 1");

    /// <summary>Ends <see cref="MakeReadOnlyAsync"/>.</summary>
    public Task MakeWritableAsync() => CommandAsync("REPLICAOF NO ONE");

    /// <summary>Forgets all scripts (SCRIPT FLUSH), as a failover does.</summary>
    public Task ForgetScriptsAsync() => CommandAsync("SCRIPT FLUSH SYNC");

    /// <summary>Sends one command whose parts hold no spaces.</summary>
    /// <returns>The first line of the answer, such as <c>+OK</c>.</returns>
    /// <exception cref="InvalidOperationException">The server answered an error.</exception>
    public async Task<string> CommandAsync(string command)
    {
        string answer = await SendAsync(command);
        return answer is ['-', ..] ? throw new InvalidOperationException($"Redis refuses '{command}': {answer}") : answer;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Delete(recursive: true);
    }

    private int RunningId() => _process?.Id ?? throw new InvalidOperationException("Redis is not running: start it first.");

    private async Task<bool> PingAsync() => await SendAsync("PING") == "+PONG";

    private async Task<string> SendAsync(string command)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"));
        using StreamReader reader = new(client.GetStream());
        return await reader.ReadLineAsync() ?? "";
    }
}
