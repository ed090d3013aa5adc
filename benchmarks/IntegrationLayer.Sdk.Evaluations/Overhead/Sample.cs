namespace IntegrationLayer.Sdk.Evaluations.Overhead;

/// <summary>What one round of calls showed, per call.</summary>
/// <param name="Rps">Calls per second with <see cref="OverheadSettings.Concurrency"/> at once.</param>
/// <param name="P50Us">The median latency of calls one after another, in microseconds.</param>
/// <param name="P99Us">Their 99th percentile.</param>
/// <param name="AllocBytes">Bytes allocated.</param>
/// <param name="CpuUs">Processor time of the process, user and system, in microseconds, with <see cref="OverheadSettings.Concurrency"/> calls at once.</param>
/// <param name="SerialCpuUs">The same with one call at a time, waking up included.</param>
/// <param name="FirstTokenUs">The median time to the first text; of a whole answer, to the answer.</param>
internal readonly record struct Sample(double Rps, double P50Us, double P99Us, double AllocBytes, double CpuUs, double SerialCpuUs, double FirstTokenUs)
{
    /// <summary>Takes the median of each figure.</summary>
    public static Sample Median(IReadOnlyList<Sample> samples) => new(
        Median(samples.Select(s => s.Rps)),
        Median(samples.Select(s => s.P50Us)),
        Median(samples.Select(s => s.P99Us)),
        Median(samples.Select(s => s.AllocBytes)),
        Median(samples.Select(s => s.CpuUs)),
        Median(samples.Select(s => s.SerialCpuUs)),
        Median(samples.Select(s => s.FirstTokenUs)));

    /// <summary>Takes the median of some values.</summary>
    public static double Median(IEnumerable<double> unordered)
    {
        double[] values = [.. unordered.Order()];
        return values.Length % 2 == 1 ? values[values.Length / 2] : (values[(values.Length / 2) - 1] + values[values.Length / 2]) / 2;
    }
}
