using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using IntegrationLayer.Sdk.TestSupport.Processes;

namespace IntegrationLayer.Sdk.TestSupport.Postgres;

/// <summary>A real PostgreSQL server on a free loopback port, with an empty cluster of its own. What was committed outlives a restart.</summary>
/// <remarks>PostgreSQL refuses to run as root: then it runs as the user <c>postgres</c>, which its package makes.</remarks>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Cure = "Run tests/run.sh, or 'apt-get install postgresql'.";
    private const string Installed = "/usr/lib/postgresql";

    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("il-postgres-");
    private readonly string _programs;
    private ChildProcess? _process;

    private PostgresServer(string programs)
    {
        _programs = programs;
        Port = LoopbackPort.Find();
    }

    /// <summary>The port on 127.0.0.1. It stays the same over a restart.</summary>
    public int Port { get; }

    /// <summary>Connects to the database <c>postgres</c> as its owner.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={Port};Username=postgres;Database=postgres;Timeout=10";

    /// <summary>The last lines the server wrote.</summary>
    public string Output => _process?.Output ?? "(PostgreSQL is not running)";

    private string DataPath => Path.Combine(_folder.FullName, "data");

    /// <summary>Makes a cluster and starts a server (about 2 s).</summary>
    /// <exception cref="FileNotFoundException">PostgreSQL is missing. The message says how to install it.</exception>
    public static async Task<PostgresServer> StartNewAsync()
    {
        IEnumerable<string> versions = Directory.Exists(Installed) ? Directory.GetDirectories(Installed).OrderByDescending(path => int.TryParse(Path.GetFileName(path), out int version) ? version : 0) : [];
        string path = string.Join(Path.PathSeparator, [.. versions.Select(version => Path.Combine(version, "bin")), Environment.GetEnvironmentVariable("PATH") ?? ""]);
        PostgresServer server = new(Path.GetDirectoryName(Executable.Find("initdb", Cure, path))!);
        try
        {
            await server.MakeClusterAsync();
            await server.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the stopped server again on its old port, with what was committed.</summary>
    /// <exception cref="InvalidOperationException">It is running, or it ended before it was ready.</exception>
    public async Task StartAsync()
    {
        if (_process is not null)
        {
            throw new InvalidOperationException("PostgreSQL is running: stop it first.");
        }

        // What was written outlives the server's death, if not the machine's.
        _process = ChildProcess.Start(Command("postgres", "-D", DataPath, "-p", $"{Port}", "-h", "127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "shared_buffers=32MB"));
        await _process.WaitUntilReadyAsync("PostgreSQL", IsReadyAsync, ReadyLimit);
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

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Delete(recursive: true);
    }

    private async Task MakeClusterAsync()
    {
        if (Environment.IsPrivilegedProcess)
        {
            // The user must reach the folder and own it.
            await RunAsync(new ProcessStartInfo("chown", ["postgres:", _folder.FullName]));
        }

        await RunAsync(Command("initdb", "-D", DataPath, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"));
    }

    private ProcessStartInfo Command(string program, params string[] arguments)
    {
        string path = Path.Combine(_programs, program);
        return Environment.IsPrivilegedProcess
            ? new ProcessStartInfo("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", "--", path, .. arguments]) { WorkingDirectory = _folder.FullName }
            : new ProcessStartInfo(path, arguments) { WorkingDirectory = _folder.FullName };
    }

    private static async Task RunAsync(ProcessStartInfo command)
    {
        command.RedirectStandardOutput = true;
        command.RedirectStandardError = true;
        using Process process = Process.Start(command)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{command.FileName} {string.Join(' ', command.ArgumentList)} ended with exit code {process.ExitCode}. {Cure}\n{output}{await errors}");
        }
    }

    // It takes connections before it has recovered, but only to say so: the answer to a start-up message begins with R (authentication) or E (error).
    private async Task<bool> IsReadyAsync()
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        NetworkStream stream = client.GetStream();
        byte[] parameters = [0, 3, 0, 0, .. "user\0postgres\0database\0postgres\0\0"u8];
        await stream.WriteAsync((byte[])[0, 0, 0, (byte)(parameters.Length + 4), .. parameters]);
        byte[] first = new byte[1];
        await stream.ReadExactlyAsync(first);
        return first[0] == (byte)'R';
    }
}
