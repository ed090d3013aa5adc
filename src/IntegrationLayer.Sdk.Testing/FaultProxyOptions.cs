namespace IntegrationLayer.Sdk.Testing;

/// <summary>Clock and seed of a <see cref="FaultProxy"/>.</summary>
public sealed class FaultProxyOptions
{
    /// <summary>Gets the clock that toxics wait by; for example a <c>FakeTimeProvider</c>. The default is <see cref="TimeProvider.System"/>.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Gets the number that all chances follow from: which connection a toxic works on, by how much delays and sizes vary. The same seed
    /// gives the same faults to the n-th connection. The default is 0.
    /// </summary>
    public long Seed { get; init; }
}
