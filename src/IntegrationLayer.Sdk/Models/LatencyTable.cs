namespace IntegrationLayer.Sdk.Models;

/// <summary>How fast each deployment has lately been: peak-sensitive moving averages, by <see cref="Deployment.Index"/>.</summary>
/// <remarks>
/// A sample above the average replaces it at once; one below pulls it down with weight 1 − e^(−Δt/τ), τ = 30 s, Δt since the last sample
/// (Finagle's peak EWMA). Concurrent samples of one deployment may overwrite each other: one lost sample doesn't matter.
/// </remarks>
internal sealed class LatencyTable(int count, TimeProvider timeProvider)
{
    private const double TauSeconds = 30;

    private readonly double[] _firstTokenMs = Filled(count);
    private readonly double[] _perTokenMs = Filled(count);
    private readonly long[] _sampledAt = new long[count];

    /// <summary>Gets a value indicating whether any deployment was ever observed.</summary>
    public bool IsAnyKnown { get; private set; }

    /// <summary>Gets for each deployment the expected time to the first token, or to the whole answer if only that was seen, in milliseconds; NaN if never observed.</summary>
    public ReadOnlySpan<double> FirstTokenMs => _firstTokenMs;

    /// <summary>Gets for each deployment the expected time per output token, in milliseconds; NaN if never observed.</summary>
    public ReadOnlySpan<double> PerTokenMs => _perTokenMs;

    /// <summary>Takes over what is known of the deployments that both configurations have, by name.</summary>
    public void CopyFrom(LatencyTable other, DeploymentSet from, DeploymentSet to)
    {
        Dictionary<string, int> known = from.All.ToDictionary(d => d.Name, d => d.Index, StringComparer.OrdinalIgnoreCase);
        foreach (Deployment deployment in to.All)
        {
            if (known.TryGetValue(deployment.Name, out int index))
            {
                _firstTokenMs[deployment.Index] = other._firstTokenMs[index];
                _perTokenMs[deployment.Index] = other._perTokenMs[index];
                _sampledAt[deployment.Index] = other._sampledAt[index];
            }
        }

        IsAnyKnown = other.IsAnyKnown;
    }

    /// <summary>Adds what one answer showed.</summary>
    /// <param name="index">The deployment.</param>
    /// <param name="firstToken">The time to the first content.</param>
    /// <param name="rest">The time from there to the end.</param>
    /// <param name="outputTokens">The tokens that the answer had.</param>
    public void Record(int index, TimeSpan firstToken, TimeSpan rest, long outputTokens)
    {
        long now = timeProvider.GetTimestamp();
        double elapsed = timeProvider.GetElapsedTime(Volatile.Read(ref _sampledAt[index]), now).TotalSeconds;
        double weight = 1 - Math.Exp(-elapsed / TauSeconds);
        Update(ref _firstTokenMs[index], firstToken.TotalMilliseconds, weight);
        if (outputTokens > 1 && rest > TimeSpan.Zero)
        {
            Update(ref _perTokenMs[index], rest.TotalMilliseconds / (outputTokens - 1), weight);
        }

        Volatile.Write(ref _sampledAt[index], now);
        IsAnyKnown = true;
    }

    private static void Update(ref double average, double sample, double weight)
    {
        double old = Volatile.Read(ref average);
        Volatile.Write(ref average, double.IsNaN(old) || sample > old ? sample : old + ((sample - old) * weight));
    }

    private static double[] Filled(int count)
    {
        double[] values = new double[count];
        Array.Fill(values, double.NaN);
        return values;
    }
}
