namespace IntegrationLayer.Sdk.Testing;

/// <summary>How a request to <see cref="FakePortkey"/> ended.</summary>
public enum FakePortkeyOutcome
{
    /// <summary>Everything the script has was written.</summary>
    Completed,

    /// <summary>The client gave up: it cancelled, timed out, or disposed the response before its end.</summary>
    Cancelled,

    /// <summary>The script aborted the connection.</summary>
    Reset,

    /// <summary>No route matched, or a predicate or a computed answer threw.</summary>
    Refused,
}
