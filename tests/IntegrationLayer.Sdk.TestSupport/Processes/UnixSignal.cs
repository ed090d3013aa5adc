using System.Runtime.InteropServices;

namespace IntegrationLayer.Sdk.TestSupport.Processes;

/// <summary>Signals that .NET has no method for. The numbers are those of Linux on x64 and arm64.</summary>
internal static partial class UnixSignal
{
    private const int Continue = 18;
    private const int Stop = 19;

    /// <summary>Freezes a process: its sockets stay open, nothing answers.</summary>
    public static void Pause(int processId) => Send(processId, Stop);

    /// <summary>Lets a frozen process go on.</summary>
    public static void Resume(int processId) => Send(processId, Continue);

    private static void Send(int processId, int signal)
    {
        if (Kill(processId, signal) != 0)
        {
            throw new InvalidOperationException($"Signal {signal} to process {processId} failed: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int Kill(int processId, int signal);

    /// <summary>Tells whether a process is stopped: <c>T</c> in the third field of /proc/pid/stat, after the name in parentheses.</summary>
    public static bool IsPaused(int processId)
    {
        string stat = File.ReadAllText($"/proc/{processId}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].StartsWith('T');
    }
}
