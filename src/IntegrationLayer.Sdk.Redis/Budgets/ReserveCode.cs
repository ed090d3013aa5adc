namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>What a script decided.</summary>
internal enum ReserveCode
{
    /// <summary>No choice fits.</summary>
    Denied = 0,

    /// <summary>A choice was granted, or the counts were read.</summary>
    Granted = 1,

    /// <summary>By the server's time, a window is not the current one.</summary>
    OtherWindow = 2,

    /// <summary>Redis doesn't know the partition.</summary>
    UnknownPartition = 3,

    /// <summary>Redis doesn't know the counter, although it may have been used.</summary>
    UnknownCounter = 4,

    /// <summary>The counter holds something else than counts.</summary>
    Unreadable = 5,
}
