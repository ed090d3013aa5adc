using System.ComponentModel;
using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;

namespace IntegrationLayer.Sdk.CatalogueTool.Sources;

/// <summary>Fetches npm packages with the user's own npm and its configured registry. No script of a package runs.</summary>
/// <param name="folder">Where to put them.</param>
/// <param name="npm">The command.</param>
internal sealed class NpmPackages(string folder, string npm = "npm")
{
    /// <summary>The pinned version of @oh-my-pi/pi-catalog.</summary>
    public const string PiVersion = "18.2.11";

    /// <summary>The pinned version of @pydantic/genai-prices.</summary>
    public const string GenaiVersion = "0.1.8";

    /// <summary>Fetches and unpacks a package.</summary>
    /// <returns>The folder with its package.json.</returns>
    /// <exception cref="InvalidOperationException">npm is missing, or failed.</exception>
    public async Task<string> FetchAsync(string name, string version, CancellationToken cancellationToken)
    {
        string target = Path.Combine(folder, name.Split('/')[^1]);
        Directory.CreateDirectory(target);
        await PackAsync($"{name}@{version}", target, cancellationToken).ConfigureAwait(false);
        string archive = Directory.GetFiles(target, "*.tgz").Single();
        using FileStream file = File.OpenRead(archive);
        using GZipStream unzipped = new(file, CompressionMode.Decompress);
        await TarFile.ExtractToDirectoryAsync(unzipped, target, overwriteFiles: false, cancellationToken).ConfigureAwait(false);
        return Path.Combine(target, "package");
    }

    private async Task PackAsync(string package, string target, CancellationToken cancellationToken)
    {
        // On Windows npm is a script, which only the shell finds.
        bool isWindows = OperatingSystem.IsWindows();
        ProcessStartInfo start = new(isWindows ? "cmd.exe" : npm)
        {
            WorkingDirectory = target,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments = ["pack", package, "--ignore-scripts", "--silent"];
        foreach (string argument in isWindows ? ["/c", npm, .. arguments] : arguments)
        {
            start.ArgumentList.Add(argument);
        }

        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException($"'{npm}' can't be started. Install Node.js, or unpack the packages yourself and use 'il-catalogue build'.", exception);
        }

        using (process)
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            Task<string> error = process.StandardError.ReadToEndAsync(cancellationToken);
            try
            {
                await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
                await output.ConfigureAwait(false);
                if (process.ExitCode != 0)
                {
                    throw new InvalidOperationException($"'npm pack {package}' failed: {(await error.ConfigureAwait(false)).Trim()}");
                }
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
        }
    }
}
