namespace IntegrationLayer.Sdk.Integration.Tests.Chaos;

/// <summary>What goes wrong with one call.</summary>
internal enum Fault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Status 500.</summary>
    ServerError,

    /// <summary>Status 503.</summary>
    Unavailable,

    /// <summary>Status 429, with leave to come back at once.</summary>
    RateLimited,

    /// <summary>The connection is reset before a status.</summary>
    Reset,

    /// <summary>A page with status 200.</summary>
    Garbage,

    /// <summary>An error with status 200, as body or as first event.</summary>
    ErrorInside,

    /// <summary>The connection is reset in the middle of the answer.</summary>
    ResetInside,

    /// <summary>The answer ends in the middle, and cleanly.</summary>
    CutShort,
}
