namespace IntegrationLayer.Sdk.Caching;

/// <summary>By what answers can be invalidated together.</summary>
internal enum CacheLabelKind : byte
{
    /// <summary>All there are.</summary>
    All,

    /// <summary>The tenant who asked.</summary>
    Tenant,

    /// <summary>The deployment or the model that answered.</summary>
    Model,

    /// <summary>A name that the application gave.</summary>
    Tag,
}
