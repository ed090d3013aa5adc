using IntegrationLayer.Sdk.Testing.Faults;

namespace IntegrationLayer.Sdk.Testing;

/// <summary>
/// One thing that goes wrong on the connections through a <see cref="FaultProxy"/>, named as toxiproxy names it. Several can be combined.
/// Immutable: <see cref="Upstream"/> and <see cref="WithToxicity"/> return copies.
/// </summary>
public abstract class Toxic
{
    private protected Toxic(string name) => Name = name;

    /// <summary>Gets toxiproxy's name of it, for example <c>reset_peer</c>.</summary>
    public string Name { get; }

    /// <summary>Gets whether it works on what the client sends; otherwise on what the server sends, which is the default.</summary>
    public bool IsUpstream { get; private set; }

    /// <summary>Gets the share of connections that it works on, from 0 to 1; the default is 1.</summary>
    public double Toxicity { get; private set; } = 1;

    /// <summary>Everything arrives later. The order is kept, and as much is under way at once as the connection holds.</summary>
    /// <param name="delay">How much later.</param>
    /// <param name="jitter">By how much the delay varies, up and down; the default is not at all.</param>
    /// <returns>The toxic <c>latency</c>.</returns>
    public static Toxic Latency(TimeSpan delay, TimeSpan jitter = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(jitter, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(jitter, delay);
        return new LatencyToxic(delay, jitter);
    }

    /// <summary>Lets only so much through, in ten pieces a second.</summary>
    /// <param name="bytesPerSecond">At least 1.</param>
    /// <returns>The toxic <c>bandwidth</c>.</returns>
    public static Toxic Bandwidth(int bytesPerSecond)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesPerSecond, 1);
        return new BandwidthToxic(bytesPerSecond);
    }

    /// <summary>The end of what is sent arrives later than the last byte of it.</summary>
    /// <param name="delay">How much later.</param>
    /// <returns>The toxic <c>slow_close</c>.</returns>
    public static Toxic SlowClose(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return new SlowCloseToxic(delay);
    }

    /// <summary>Nothing arrives any more; what is sent meanwhile arrives when the toxic is removed.</summary>
    /// <param name="closeAfter">When to close the connection, from its beginning or from when the toxic was added; the default is never.</param>
    /// <returns>The toxic <c>timeout</c>.</returns>
    public static Toxic Timeout(TimeSpan? closeAfter = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(closeAfter.GetValueOrDefault(), TimeSpan.Zero);
        return new TimeoutToxic(closeAfter);
    }

    /// <summary>The connection is reset on both sides (a TCP RST), whatever is still under way.</summary>
    /// <param name="after">When, from its beginning or from when the toxic was added; the default is at once.</param>
    /// <returns>The toxic <c>reset_peer</c>.</returns>
    public static Toxic ResetPeer(TimeSpan after = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(after, TimeSpan.Zero);
        return new ResetPeerToxic(after);
    }

    /// <summary>Everything arrives in small pieces.</summary>
    /// <param name="averageSize">Their average size in bytes, at least 1.</param>
    /// <param name="sizeVariation">By how much the size varies, up and down, in bytes; less than the average.</param>
    /// <param name="delay">The time between two pieces; the default is none.</param>
    /// <returns>The toxic <c>slicer</c>.</returns>
    public static Toxic Slicer(int averageSize, int sizeVariation = 0, TimeSpan delay = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(averageSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(sizeVariation);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sizeVariation, averageSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return new SlicerToxic(averageSize, sizeVariation, delay);
    }

    /// <summary>The connection is closed when so many bytes have passed.</summary>
    /// <param name="bytes">How many, from the connection's beginning or from when the toxic was added.</param>
    /// <returns>The toxic <c>limit_data</c>.</returns>
    public static Toxic LimitData(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        return new LimitDataToxic(bytes);
    }

    /// <summary>Works on what the client sends instead of what the server sends.</summary>
    /// <returns>A copy.</returns>
    public Toxic Upstream()
    {
        Toxic copy = (Toxic)MemberwiseClone();
        copy.IsUpstream = true;
        return copy;
    }

    /// <summary>Works only on a share of the connections; which ones follows from <see cref="FaultProxyOptions.Seed"/>.</summary>
    /// <param name="toxicity">The share, from 0 to 1.</param>
    /// <returns>A copy.</returns>
    public Toxic WithToxicity(double toxicity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(toxicity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(toxicity, 1);
        Toxic copy = (Toxic)MemberwiseClone();
        copy.Toxicity = toxicity;
        return copy;
    }

    /// <summary>The name and direction.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{Name} {(IsUpstream ? "up" : "down")}";

    /// <summary>Changes what a flow does next.</summary>
    internal abstract void Shape(ref FlowPlan plan, in FlowMoment moment);
}
