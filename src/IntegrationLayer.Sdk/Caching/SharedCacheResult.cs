namespace IntegrationLayer.Sdk.Caching;

/// <summary>What came of a look into the cache that processes share.</summary>
internal enum SharedCacheResult
{
    /// <summary>It had the answer.</summary>
    Hit,

    /// <summary>It didn't.</summary>
    Miss,

    /// <summary>It held something else than an answer that this installation wrote for this question.</summary>
    Rejected,

    /// <summary>It couldn't be asked.</summary>
    Error,
}
