using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using IntegrationLayer.Sdk.TestSupport.Processes;

namespace IntegrationLayer.Sdk.TestSupport.Redis;

/// <summary>
/// A server that knows vector sets: Garnet, a tool of this repository, on a free loopback port. With <c>IL_VECTOR_SERVER=host:port</c> in the environment the
/// tests use the server there instead, a Redis 8 for example, whose scores differ.
/// </summary>
public sealed class VectorServer : IAsyncDisposable
{
    private const string Tool = "garnet-server";
    private const string Given = "IL_VECTOR_SERVER";

    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo? _folder;
    private readonly ChildProcess? _process;

    private VectorServer(string connectionString, DirectoryInfo? folder, ChildProcess? process) => (ConnectionString, _folder, _process) = (connectionString, folder, process);

    /// <summary>Its host and port.</summary>
    public string ConnectionString { get; }

    /// <summary>Starts a server and waits until it answers.</summary>
    /// <exception cref="FileNotFoundException">The tool is missing. The message says how to install it.</exception>
    public static async Task<VectorServer> StartAsync()
    {
        if (Environment.GetEnvironmentVariable(Given) is { Length: > 0 } given)
        {
            return new VectorServer(given, null, null);
        }

        int port = LoopbackPort.Find();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("il-garnet-");
        ProcessStartInfo start = new("dotnet",
        [
            "exec", "--roll-forward", "Major", FindTool(),
            "--port", $"{port}", "--bind", "127.0.0.1", "--memory", "128m", "--index", "16m", "--lua", "--enable-vector-set-preview",
        ])
        {
            WorkingDirectory = folder.FullName,
        };
        VectorServer server = new($"127.0.0.1:{port}", folder, ChildProcess.Start(start));
        try
        {
            await server._process!.WaitUntilReadyAsync("Garnet", () => PingAsync(port), ReadyLimit);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        return server;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
            _folder!.Delete(recursive: true);
        }
    }

    // The tool's own starter would be a process in between.
    private static string FindTool()
    {
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.Find(), ".config", "dotnet-tools.json")));
        string version = manifest.RootElement.GetProperty("tools").GetProperty(Tool).GetProperty("version").GetString()!;
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string program = Path.Combine(packages, Tool, version, "tools", "net10.0", "any", "GarnetServer.dll");
        return File.Exists(program) ? program : throw new FileNotFoundException($"'{program}' is missing. Run tests/run.sh, or 'dotnet tool restore'.", program);
    }

    private static async Task<bool> PingAsync(int port)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("PING\r\n"));
        using StreamReader reader = new(client.GetStream());
        return await reader.ReadLineAsync() == "+PONG";
    }
}
