namespace IntegrationLayer.Sdk.Telemetry;

/// <summary>What an instrument does with the values that it is given.</summary>
internal enum InstrumentKind
{
    /// <summary>Adds them up; they never are under zero.</summary>
    Counter = 0,

    /// <summary>Adds them up; they may be under zero.</summary>
    UpDownCounter,

    /// <summary>Counts how many are how large.</summary>
    Histogram,

    /// <summary>Keeps the last one.</summary>
    Gauge,
}
