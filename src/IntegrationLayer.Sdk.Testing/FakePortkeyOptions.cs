namespace IntegrationLayer.Sdk.Testing;

/// <summary>Clock and limits of <see cref="FakePortkey"/>.</summary>
public sealed class FakePortkeyOptions
{
    /// <summary>
    /// Gets the clock that delays wait by, and that dates answers. Null, the default, makes answers that wait an error and dates all others
    /// 2023-11-14T22:13:20Z.
    /// </summary>
    public TimeProvider? TimeProvider { get; init; }

    /// <summary>Gets how many requests are kept; older ones are dropped. Default 10,000.</summary>
    public int MaxRecordedRequests { get; init; } = 10_000;

    /// <summary>Gets how many bytes of request bodies are kept; older requests are dropped, the newest never. Default 64 MiB.</summary>
    public long MaxRecordedBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Gets the largest request body in bytes; larger ones are answered with status 413. Default 64 MiB.</summary>
    public long MaxRequestBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>
    /// Gets the most bytes all request headers may have; requests with more are answered with status 431 and no body, as by the gateway.
    /// Default 16,384: Node's limit, which the gateway inherits. At most 512 KiB.
    /// </summary>
    public int MaxHeaderBytes { get; init; } = 16_384;

    /// <summary>
    /// Gets whether servers speak HTTP/2 without TLS (with prior knowledge) instead of HTTP/1.1. The open-source gateway never does; what
    /// stands before a hosted one may. Default false.
    /// </summary>
    public bool Http2 { get; init; }

    /// <summary>Throws when a limit makes no sense.</summary>
    internal FakePortkeyOptions Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRecordedRequests, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRecordedBytes, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRequestBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxRequestBytes, int.MaxValue);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxHeaderBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxHeaderBytes, 512 * 1024);
        return this;
    }
}
