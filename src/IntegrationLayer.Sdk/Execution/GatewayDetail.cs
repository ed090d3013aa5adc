namespace IntegrationLayer.Sdk.Execution;

/// <summary>What an answer says about the way that it took, read only for telemetry that wants to know.</summary>
internal sealed class GatewayDetail
{
    /// <summary>Gets how many bytes were sent.</summary>
    public long? RequestBytes { get; init; }

    /// <summary>Gets or sets how many bytes came, decompressed.</summary>
    public long? ResponseBytes { get; set; }

    /// <summary>Gets what the gateway's own cache did, if it says so.</summary>
    public string? CacheStatus { get; init; }

    /// <summary>Gets how many calls the gateway says that it made.</summary>
    public int Attempts { get; init; } = 1;
}
