namespace IntegrationLayer.Sdk.Analytics.Storage;

/// <summary>What a column holds.</summary>
internal enum RecordColumnType
{
    Integer,
    Text,
    Real,

    /// <summary>A class of a histogram of latencies.</summary>
    Class,
}
