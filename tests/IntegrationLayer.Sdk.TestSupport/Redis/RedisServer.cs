using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using IntegrationLayer.Sdk.TestSupport.Processes;

namespace IntegrationLayer.Sdk.TestSupport.Redis;

/// <summary>A real Redis server on a free loopback port. It keeps nothing on disk: a restart comes back empty.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private const string Cure = "Run tests/run.sh, or 'apt-get install redis-server'.";

    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(10);

    private readonly string _program;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("il-redis-");
    private ChildProcess? _process;

    private RedisServer(string program)
    {
        _program = program;
        Port = LoopbackPort.Find();
    }

    /// <summary>The port on 127.0.0.1. It stays the same over a restart.</summary>
    public int Port { get; }

    /// <summary><c>127.0.0.1:N</c>.</summary>
    public string ConnectionString => $"127.0.0.1:{Port}";

    /// <summary>The last lines the server wrote.</summary>
    public string Output => _process?.Output ?? "(Redis is not running)";

    /// <summary>Starts a server and waits until it answers (about 0.1 s).</summary>
    /// <exception cref="FileNotFoundException">Redis is missing. The message says how to install it.</exception>
    public static async Task<RedisServer> StartNewAsync()
    {
        RedisServer server = new(Executable.Find("redis-server", Cure));
        await server.StartAsync();
        return server;
    }

    /// <summary>Starts the stopped server again on its old port, empty.</summary>
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
            "--appendonly", "no",
        ];
        _process = ChildProcess.Start(new ProcessStartInfo(_program, arguments));
        try
        {
            await _process.WaitUntilReadyAsync("Redis", PingAsync, ReadyLimit);
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
    public void Pause() => UnixSignal.Pause(RunningId());

    /// <summary>Ends <see cref="Pause"/>: commands sent meanwhile are answered now.</summary>
    public void Resume() => UnixSignal.Resume(RunningId());

    /// <summary>Gets a value indicating whether <see cref="Pause"/> is in force.</summary>
    public bool IsPaused => UnixSignal.IsPaused(RunningId());

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Delete(recursive: true);
    }

    private int RunningId() => _process?.Id ?? throw new InvalidOperationException("Redis is not running: start it first.");

    private async Task<bool> PingAsync()
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync("PING\r\n"u8.ToArray());
        byte[] answer = new byte[7];
        await stream.ReadExactlyAsync(answer);
        return Encoding.ASCII.GetString(answer) == "+PONG\r\n";
    }
}
