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

    public static async Task<ProviderProcess> StartAsync(string command = "provider")
    {
        ProcessStartInfo start = StartInfo(command);
        start.RedirectStandardInput = true;
        Process process = Process.Start(start)!;
        string? address = await process.StandardOutput.ReadLineAsync();
        return address is null
            ? throw new InvalidOperationException("The provider's process ended without naming its address.")
            : new ProviderProcess(process, new Uri($"{address}/v1/"));
    }

    /// <summary>Says how to start this program again with other arguments, and to read what it writes.</summary>
    public static ProcessStartInfo StartInfo(params string[] arguments)
    {
        string program = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        return new ProcessStartInfo(program, isHost ? [typeof(ProviderProcess).Assembly.Location, .. arguments] : arguments) { RedirectStandardOutput = true };
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
