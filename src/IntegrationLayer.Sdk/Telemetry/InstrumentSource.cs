namespace IntegrationLayer.Sdk.Telemetry;

/// <summary>Who records an instrument.</summary>
internal enum InstrumentSource
{
    /// <summary>The SDK.</summary>
    Sdk = 0,

    /// <summary>The SDK, where the newest conventions for generative AI are opted in to.</summary>
    LatestConventions,

    /// <summary>.NET itself, by a meter of its own.</summary>
    Platform,

    /// <summary>A package that is not part of this release: the name is reserved, and nothing is recorded.</summary>
    Reserved,
}
