using System.Diagnostics;

namespace IntegrationLayer.Sdk.Evaluations.Overhead;

/// <summary>Runs the provider in a process of its own.</summary>
internal sealed class ProviderProcess : IDisposable
{
    private readonly Process _process;

    private ProviderProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    /// <summary>Gets the root of its API, version included.</summary>
    public Uri Address { get; }

    public static async Task<ProviderProcess> StartAsync()
    {
        string program = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        var start = new ProcessStartInfo(program, isHost ? [typeof(ProviderProcess).Assembly.Location, "provider"] : ["provider"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        Process process = Process.Start(start)!;
        string? address = await process.StandardOutput.ReadLineAsync();
        return address is null
            ? throw new InvalidOperationException("The provider's process ended without naming its address.")
            : new ProviderProcess(process, new Uri($"{address}/v1/"));
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
