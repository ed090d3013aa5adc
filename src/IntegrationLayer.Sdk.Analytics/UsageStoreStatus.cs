namespace IntegrationLayer.Sdk.Analytics;

/// <summary>How the durable usage store is doing. Counts begin with the process.</summary>
/// <param name="Appended">Records that requests handed over.</param>
/// <param name="Acknowledged">Those of them that are in the journal: the death of the process doesn't lose them.</param>
/// <param name="Stored">Those of them that are in the database.</param>
/// <param name="Dropped">Records that were lost because the journal stood still or was full. It should be zero.</param>
/// <param name="Recovered">Records that processes which died had left in their journals, and this one stored.</param>
/// <param name="JournalBytes">How large this process' journal is.</param>
/// <param name="LastError">Why the database took nothing when it was last tried; <see langword="null"/> if it did.</param>
public sealed record UsageStoreStatus(long Appended, long Acknowledged, long Stored, long Dropped, long Recovered, long JournalBytes, string? LastError);
