using System.Diagnostics;

namespace IntegrationLayer.Sdk.Integration.Tests.Packaging;

/// <summary>Runs a program to its end and keeps what it wrote.</summary>
internal sealed record DotnetCommand(int ExitCode, string Output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Runs the .NET SDK's command line and leaves no build server behind, which would keep the output open.</summary>
    public static Task<DotnetCommand> RunAsync(string folder, params IReadOnlyList<string> arguments) =>
        RunProgramAsync("dotnet", folder, [.. arguments, "-nodeReuse:false", "-p:UseSharedCompilation=false", "-v:quiet"]);

    public static async Task<DotnetCommand> RunProgramAsync(string program, string folder, params IReadOnlyList<string> arguments)
    {
        ProcessStartInfo startInfo = new(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };

        // The test host's own settings of MSBuild would lead the child astray.
        foreach (string name in startInfo.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            startInfo.Environment.Remove(name);
        }

        startInfo.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        startInfo.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        startInfo.Environment["DOTNET_NOLOGO"] = "1";
        startInfo.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        using Process process = Process.Start(startInfo)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource tooLong = new(Limit);
        try
        {
            await process.WaitForExitAsync(tooLong.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} was not through after {Limit}.");
        }

        return new DotnetCommand(process.ExitCode, await output + await errors);
    }
}
