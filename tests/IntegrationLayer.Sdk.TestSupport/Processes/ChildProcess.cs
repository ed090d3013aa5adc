using System.Diagnostics;

namespace IntegrationLayer.Sdk.TestSupport.Processes;

/// <summary>A server process that ends with the tests. Both of its output streams are drained, or it would block on a full pipe.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly OutputBuffer _output = new();

    private ChildProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += OnLine;
        _process.ErrorDataReceived += OnLine;
        // Covers a run that ends without disposing its fixtures.
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
    }

    /// <summary>The operating system's id of the process.</summary>
    public int Id => _process.Id;

    /// <summary>Whether the process has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The last lines of both output streams.</summary>
    public string Output => _output.ToString();

    /// <summary>Starts a program. Its standard input stays open until this process ends.</summary>
    public static ChildProcess Start(ProcessStartInfo startInfo)
    {
        startInfo.UseShellExecute = false;
        startInfo.RedirectStandardInput = true;
        startInfo.RedirectStandardOutput = true;
        startInfo.RedirectStandardError = true;
        ChildProcess child = new(new Process { StartInfo = startInfo });
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Polls a readiness probe every 25 ms until it says yes.</summary>
    /// <param name="name">The server's name, for messages.</param>
    /// <param name="isReady">The probe. Its exceptions mean "not yet".</param>
    /// <param name="limit">How long to wait.</param>
    /// <exception cref="InvalidOperationException">The process ended first. The message holds its output.</exception>
    /// <exception cref="TimeoutException">The limit passed. The message holds its output.</exception>
    public async Task WaitUntilReadyAsync(string name, Func<Task<bool>> isReady, TimeSpan limit)
    {
        long start = Stopwatch.GetTimestamp();
        while (!await ProbeAsync(isReady))
        {
            if (HasExited)
            {
                // The overload without a limit also waits for the end of both output streams.
                await _process.WaitForExitAsync();
                throw new InvalidOperationException($"{name} ended with exit code {_process.ExitCode} before it was ready:\n{Output}");
            }

            if (Stopwatch.GetElapsedTime(start) > limit)
            {
                throw new TimeoutException($"{name} was not ready after {limit.TotalSeconds:0} s:\n{Output}");
            }

            await Task.Delay(25);
        }
    }

    /// <summary>Freezes the process (SIGSTOP).</summary>
    public void Pause() => UnixSignal.Pause(Id);

    /// <summary>Lets a frozen process go on.</summary>
    public void Resume() => UnixSignal.Resume(Id);

    /// <summary>Ends the process's standard input, and waits until it has ended by itself.</summary>
    public async Task StopAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
    }

    /// <summary>Kills the process and its children (SIGKILL) and waits for their end. Does nothing when it has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<bool> ProbeAsync(Func<Task<bool>> isReady)
    {
        try
        {
            return await isReady();
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or System.Net.Sockets.SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    private void OnLine(object sender, DataReceivedEventArgs line) => _output.Add(line.Data);

    private void OnProcessExit(object? sender, EventArgs e)
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }
    }
}
