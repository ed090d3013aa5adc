using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using IntegrationLayer.Sdk.TestSupport.Processes;

namespace IntegrationLayer.Sdk.TestSupport.Prometheus;

/// <summary>A real Prometheus on a free loopback port, which scrapes one address every second and evaluates one file of rules.</summary>
public sealed class PrometheusServer : IAsyncDisposable
{
    private const string Cure = "Run tests/run.sh, or 'apt-get install prometheus'.";
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder;
    private readonly ChildProcess _process;
    private readonly HttpClient _http;

    private PrometheusServer(DirectoryInfo folder, ChildProcess process, HttpClient http) => (_folder, _process, _http) = (folder, process, http);

    /// <summary>The last lines the server wrote.</summary>
    public string Output => _process.Output;

    /// <summary>Starts a server and waits until it answers.</summary>
    /// <param name="target">What to scrape: host and port.</param>
    /// <param name="rules">The path of the file of rules.</param>
    /// <exception cref="FileNotFoundException">Prometheus is missing. The message says how to install it.</exception>
    public static async Task<PrometheusServer> StartAsync(string target, string rules)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("il-prometheus-");
        string configuration = Path.Combine(folder.FullName, "prometheus.yml");
        await File.WriteAllTextAsync(configuration, $"""
            global:
              scrape_interval: 1s
              evaluation_interval: 1s
            rule_files: ["{rules}"]
            scrape_configs:
              - job_name: sample
                static_configs: [{"{"} targets: ["{target}"] {"}"}]
            """);
        int port = LoopbackPort.Find();
        var process = ChildProcess.Start(new ProcessStartInfo(
            Executable.Find("prometheus", Cure),
            [$"--config.file={configuration}", $"--storage.tsdb.path={Path.Combine(folder.FullName, "data")}", $"--web.listen-address=127.0.0.1:{port}"]));
        HttpClient http = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var server = new PrometheusServer(folder, process, http);
        try
        {
            await process.WaitUntilReadyAsync("Prometheus", server.IsReadyAsync, ReadyLimit);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        return server;
    }

    /// <summary>Runs promtool, which comes with Prometheus.</summary>
    /// <returns>Its exit code, and what it wrote.</returns>
    public static async Task<(int ExitCode, string Output)> CheckAsync(params string[] arguments)
    {
        using Process tool = Process.Start(new ProcessStartInfo(Executable.Find("promtool", Cure), arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = tool.StandardOutput.ReadToEndAsync();
        string errors = await tool.StandardError.ReadToEndAsync();
        await tool.WaitForExitAsync();
        return (tool.ExitCode, await output + errors);
    }

    /// <summary>Evaluates an expression now.</summary>
    /// <returns>How many series it gives that have a number; −1 if the server refuses it.</returns>
    public async Task<int> CountAsync(string expression)
    {
        using HttpResponseMessage response = await _http.GetAsync($"/api/v1/query?query={Uri.EscapeDataString(expression)}");
        using JsonDocument json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return json.RootElement.GetProperty("status").GetString() != "success"
            ? -1
            : json.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().Count(static series => IsNumber(series.GetProperty("value")[1].GetString()));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static bool IsNumber(string? text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value);

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using HttpResponseMessage response = await _http.GetAsync("/-/ready");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
