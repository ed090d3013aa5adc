namespace IntegrationLayer.Sdk.Testing.Wire;

/// <summary>A whole answer: the head, and what happens on the connection.</summary>
internal sealed class WireResponse
{
    /// <summary>HTTP status code.</summary>
    public required int Status { get; init; }

    /// <summary>Response headers in the order of writing, without content-type and content-length.</summary>
    public List<KeyValuePair<string, string>> Headers { get; } = [];

    /// <summary>Value of content-type; null sends none.</summary>
    public string? ContentType { get; init; }

    /// <summary>Value of content-length in bytes; null sends the body chunked.</summary>
    public long? ContentLength { get; init; }

    /// <summary>What happens on the connection; enumerated once.</summary>
    public required IEnumerable<WireStep> Steps { get; init; }

    /// <summary>The gateway writes <c>unknown</c> as the reason phrase of its own status codes; null leaves the standard phrase.</summary>
    public string? ReasonPhrase => Status is 246 or 446 ? "unknown" : null;

    /// <summary>Puts steps before those of the answer, for latency.</summary>
    public WireResponse Preceded(IEnumerable<WireStep> before)
    {
        WireResponse copy = new()
        {
            Status = Status,
            ContentType = ContentType,
            ContentLength = ContentLength,
            Steps = before.Concat(Steps),
        };
        copy.Headers.AddRange(Headers);
        return copy;
    }

    /// <summary>A body that is written at once.</summary>
    public static WireResponse Whole(int status, string? contentType, ReadOnlyMemory<byte> body) => new()
    {
        Status = status,
        ContentType = contentType,
        ContentLength = body.Length,
        Steps = body.IsEmpty ? [new WireStep.Head()] : [new WireStep.Write(body)],
    };
}
