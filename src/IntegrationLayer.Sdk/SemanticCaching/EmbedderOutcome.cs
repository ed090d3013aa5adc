namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>What became of making a vector.</summary>
internal enum EmbedderOutcome
{
    Made,

    /// <summary>It took too long.</summary>
    TimedOut,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>It wasn't tried, because it failed again and again.</summary>
    Resting,

    /// <summary>What was made isn't a vector one can compare: without length, or with numbers that are none.</summary>
    Unusable,
}
