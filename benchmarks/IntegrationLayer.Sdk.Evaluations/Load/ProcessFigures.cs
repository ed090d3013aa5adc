using System.Globalization;

namespace IntegrationLayer.Sdk.Evaluations.Load;

/// <summary>What Linux knows of this process.</summary>
internal static class ProcessFigures
{
    /// <summary>Gets the most memory that was resident since the start, in MiB.</summary>
    public static double PeakRssMib() => Number("/proc/self/status", "VmHWM:") / 1024.0;

    /// <summary>Gets how many files may be open.</summary>
    public static int DescriptorLimit() => (int)Math.Min(int.MaxValue, Number("/proc/self/limits", "Max open files"));

    /// <summary>Counts the open sockets.</summary>
    public static int Sockets() => Directory.EnumerateFiles("/proc/self/fd")
        .Select(static path => new FileInfo(path).LinkTarget)
        .Count(static target => target?.StartsWith("socket:", StringComparison.Ordinal) is true);

    private static long Number(string file, string line) => long.Parse(
        File.ReadLines(file).First(l => l.StartsWith(line, StringComparison.Ordinal))[line.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[0],
        CultureInfo.InvariantCulture);
}
