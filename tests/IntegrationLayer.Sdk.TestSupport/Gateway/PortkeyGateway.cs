using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using IntegrationLayer.Sdk.TestSupport.Processes;
using IntegrationLayer.Sdk.TestSupport.Provider;

namespace IntegrationLayer.Sdk.TestSupport.Gateway;

/// <summary>The real Portkey AI gateway (the npm package pinned in <c>tests/gateway</c>) as a process of its own on loopback.</summary>
/// <remarks>
/// Safe for concurrent requests. A test that stops the gateway starts one of its own; the others share one per run.
/// The gateway takes a <c>custom_host</c> on 127.0.0.1 by default, so <see cref="ProviderServer"/> plays the provider behind it.
/// </remarks>
public sealed class PortkeyGateway : IAsyncDisposable
{
    private const string Cure =
        "Run tests/run.sh, or install Node.js 20 or newer and run 'npm ci --ignore-scripts' in tests/gateway.";
    private const string Entry = "node_modules/@portkey-ai/gateway/build/start-server.js";
    private const string ReadyAnswer = "AI Gateway says hey!";
    private const int PortAttempts = 3;

    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(15);

    private readonly string _node;
    private readonly string _folder;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private ChildProcess? _process;

    private PortkeyGateway(string node, string folder, int port, IReadOnlyDictionary<string, string> environment)
    {
        _node = node;
        _folder = folder;
        _environment = environment;
        Port = port;
        Root = new Uri($"http://127.0.0.1:{port}/");
        BaseAddress = new Uri(Root, "v1/");
    }

    /// <summary>The port on 127.0.0.1. It stays the same over <see cref="StopAsync"/> and <see cref="StartAsync"/>.</summary>
    public int Port { get; }

    /// <summary><c>http://127.0.0.1:N/</c>; a GET says whether the gateway is up.</summary>
    public Uri Root { get; }

    /// <summary><c>http://127.0.0.1:N/v1/</c>, what a client is configured with.</summary>
    public Uri BaseAddress { get; }

    /// <summary>Whether the process is up.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>The last lines the gateway wrote: attach them to a failed assertion.</summary>
    public string Output => _process?.Output ?? "(the gateway is not running)";

    /// <summary>Starts a gateway on a free port and waits until it is ready and warm (about 0.6 s).</summary>
    /// <param name="environment">Variables added to the process, such as <c>TRUSTED_CUSTOM_HOSTS</c>.</param>
    /// <param name="gatewayFolder">Where the npm package is installed; <c>tests/gateway</c> of this checkout by default.</param>
    /// <exception cref="FileNotFoundException">Node or the package is missing. The message says how to install it.</exception>
    public static async Task<PortkeyGateway> StartNewAsync(
        IReadOnlyDictionary<string, string>? environment = null,
        string? gatewayFolder = null)
    {
        string node = Executable.Find("node", Cure);
        string folder = gatewayFolder ?? Path.Combine(RepositoryRoot.Find(), "tests", "gateway");
        if (!File.Exists(Path.Combine(folder, Entry)))
        {
            throw new FileNotFoundException($"The Portkey gateway is not installed in '{folder}'. {Cure}", Entry);
        }

        for (int attempt = 1; ; attempt++)
        {
            PortkeyGateway gateway = new(node, folder, LoopbackPort.Find(), environment ?? new Dictionary<string, string>());
            try
            {
                await gateway.StartAsync();
                return gateway;
            }
            catch (InvalidOperationException exception)
                when (attempt < PortAttempts && exception.Message.Contains("EADDRINUSE", StringComparison.Ordinal))
            {
                // Another process took the port between the look and the start.
            }
        }
    }

    /// <summary>Starts the stopped gateway again, on its old port.</summary>
    /// <exception cref="InvalidOperationException">It is running, or it ended before it was ready.</exception>
    /// <exception cref="TimeoutException">It was not ready after 15 s.</exception>
    public async Task StartAsync()
    {
        if (IsRunning)
        {
            throw new InvalidOperationException("The gateway is running: stop it first.");
        }

        ChildProcess process = ChildProcess.Start(Describe());
        try
        {
            using HttpClient client = new() { Timeout = ReadyLimit };
            await process.WaitUntilReadyAsync(
                "The Portkey gateway",
                async () => await client.GetStringAsync(Root) == ReadyAnswer,
                ReadyLimit);
            await WarmUpAsync(client);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }

        _process = process;
    }

    /// <summary>
    /// Kills the gateway (SIGKILL) and waits for its end: calls in flight break off. SIGTERM would look the same to a client,
    /// as the gateway drains nothing.
    /// </summary>
    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    // The first proxied request compiles code and costs 60 to 95 ms; no test shall measure that.
    private async Task WarmUpAsync(HttpClient client)
    {
        await using ProviderServer provider = await ProviderServer.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(BaseAddress, "chat/completions"));
        request.Headers.Add("x-portkey-provider", "openai");
        request.Headers.Add("x-portkey-custom-host", provider.HostFor("warm-up").ToString());
        request.Headers.Add("Authorization", "Bearer warm-up");
        request.Content = JsonContent.Create(new { model = "warm-up", messages = new[] { new { role = "user", content = "hi" } } });
        using HttpResponseMessage response = await client.SendAsync(request);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            string body = await response.Content.ReadAsStringAsync();
            throw new InvalidOperationException($"The gateway's first completion failed with {(int)response.StatusCode}: {body}");
        }
    }

    private ProcessStartInfo Describe()
    {
        string[] arguments =
        [
            "--import", "./bind-loopback.mjs",
            "--import", "./exit-with-parent.mjs",
            Entry,
            $"--port={Port}",
            // Without it the gateway shows every request, keys included, to anyone who asks.
            "--headless",
        ];
        ProcessStartInfo startInfo = new(_node, arguments) { WorkingDirectory = _folder };
        foreach (string inherited in (string[])["NODE_OPTIONS", "BIND_HOST", "TRUSTED_CUSTOM_HOSTS", "REDIS_CONNECTION_STRING"])
        {
            startInfo.Environment.Remove(inherited);
        }

        startInfo.Environment["NODE_ENV"] = "production";
        foreach ((string name, string value) in _environment)
        {
            startInfo.Environment[name] = value;
        }

        return startInfo;
    }
}
