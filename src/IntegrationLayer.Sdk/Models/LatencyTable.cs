namespace IntegrationLayer.Sdk.Models;

/// <summary>How fast each deployment has lately been: peak-sensitive moving averages, by <see cref="Deployment.Index"/>.</summary>
/// <remarks>
/// A sample above the average replaces it at once; one below pulls it down with weight 1 − e^(−Δt/τ), Δt since the last sample
/// (Finagle's peak EWMA). What was observed of a deployment that nobody calls fades towards what an unobserved one is taken for, with the same τ, and is
/// forgotten in the end: so one that was slow once is tried again. Concurrent samples of one deployment may overwrite each other: one lost sample doesn't matter.
/// </remarks>
internal sealed class LatencyTable(int count, TimeProvider timeProvider, LoadBalancingOptions? options = null)
{
    // How much of a new answer's length goes into the average length.
    private const double LengthWeight = 0.05;

    // What is this close to the value for unobserved ones says nothing more.
    private const double Forgotten = 0.01;

    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly LoadBalancingOptions _options = options ?? new LoadBalancingOptions();
    private readonly double[] _firstTokenMs = Filled(count);
    private readonly double[] _perTokenMs = Filled(count);
    private readonly long[] _sampledAt = new long[count];
    private double _outputTokens = double.NaN;
    private long _sweptAt = timeProvider.GetTimestamp();

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
        _outputTokens = other._outputTokens;
    }

    /// <summary>Adds what one answer showed.</summary>
    /// <param name="index">The deployment.</param>
    /// <param name="firstToken">The time to the first content.</param>
    /// <param name="rest">The time from there to the end.</param>
    /// <param name="outputTokens">The tokens that the answer had.</param>
    public void Record(int index, TimeSpan firstToken, TimeSpan rest, long outputTokens)
    {
        long now = timeProvider.GetTimestamp();
        double weight = 1 - Math.Exp(-(timeProvider.GetElapsedTime(Volatile.Read(ref _sampledAt[index]), now) / _options.Memory));
        Update(ref _firstTokenMs[index], firstToken.TotalMilliseconds, weight);
        if (outputTokens > 1 && rest > TimeSpan.Zero)
        {
            Update(ref _perTokenMs[index], rest.TotalMilliseconds / (outputTokens - 1), weight);
        }

        if (outputTokens > 0)
        {
            _outputTokens = double.IsNaN(_outputTokens) ? outputTokens : _outputTokens + (LengthWeight * (outputTokens - _outputTokens));
        }

        Volatile.Write(ref _sampledAt[index], now);
        IsAnyKnown = true;
        FadeIfDue(now);
    }

    /// <summary>Counts a failed call as a slow one: as the time it took, at least twice the time expected, at most <see cref="LoadBalancingOptions.MaxPenalty"/>.</summary>
    /// <remarks>Otherwise a deployment that fails fast would look fast. What says nothing about the provider (a rate limit, the caller's own fault) is not counted.</remarks>
    public void Penalise(int index, TimeSpan lasted)
    {
        long now = timeProvider.GetTimestamp();
        double expected = Volatile.Read(ref _firstTokenMs[index]);
        double twice = 2 * (double.IsNaN(expected) ? _options.FirstTokenSeed.TotalMilliseconds : expected);
        Update(ref _firstTokenMs[index], Math.Min(Math.Max(lasted.TotalMilliseconds, twice), _options.MaxPenalty.TotalMilliseconds), weight: 0);
        Volatile.Write(ref _sampledAt[index], now);
        IsAnyKnown = true;
        FadeIfDue(now);
    }

    /// <summary>Notes a call that was given up: it would have taken longer than that.</summary>
    public void RecordAtLeast(int index, TimeSpan lasted)
    {
        long now = timeProvider.GetTimestamp();
        Update(ref _firstTokenMs[index], lasted.TotalMilliseconds, weight: 0);
        Volatile.Write(ref _sampledAt[index], now);
        IsAnyKnown = true;
        FadeIfDue(now);
    }

    /// <summary>Gets how long an answer is expected to be: as long as answers lately were, at most as long as it may be.</summary>
    /// <param name="most">How long it may be, in tokens.</param>
    public double ExpectedOutput(double most) => _outputTokens is var usual && usual < most ? usual : most;

    // At most once a second, by whoever comes by: ranking, which is more frequent, then has nothing to reckon.
    private void FadeIfDue(long now)
    {
        long before = Volatile.Read(ref _sweptAt);
        TimeSpan since = timeProvider.GetElapsedTime(before, now);
        if (since < SweepInterval || Interlocked.CompareExchange(ref _sweptAt, now, before) != before)
        {
            return;
        }

        double kept = Math.Exp(-(since / _options.Memory));
        for (int i = 0; i < _firstTokenMs.Length; i++)
        {
            // Only what nobody has called since the last time.
            if (!double.IsNaN(_firstTokenMs[i]) && timeProvider.GetElapsedTime(Volatile.Read(ref _sampledAt[i]), now) >= since)
            {
                Fade(i, kept);
            }
        }
    }

    private void Fade(int index, double kept)
    {
        double seed = _options.FirstTokenSeed.TotalMilliseconds;
        double left = (_firstTokenMs[index] - seed) * kept;
        if (Math.Abs(left) < Forgotten * seed)
        {
            (_firstTokenMs[index], _perTokenMs[index]) = (double.NaN, double.NaN);
            return;
        }

        double perToken = _options.TokenSeed.TotalMilliseconds;
        _firstTokenMs[index] = seed + left;
        _perTokenMs[index] = perToken + ((_perTokenMs[index] - perToken) * kept);
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
