namespace IntegrationLayer.Sdk.Usage;

/// <summary>Takes the record of every request. Replace it to keep records in a store of your own.</summary>
/// <remarks>Safe for concurrent use. A record is not changed after it was handed over.</remarks>
public interface IUsageStore
{
    /// <summary>Takes a record.</summary>
    /// <param name="record">The record.</param>
    /// <remarks>Called at the end of every request, on its thread: it must neither wait for I/O nor throw. What it throws is logged and the record is lost.</remarks>
    void Append(UsageRecord record);
}
