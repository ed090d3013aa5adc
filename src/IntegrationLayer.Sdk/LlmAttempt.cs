namespace IntegrationLayer.Sdk;

/// <summary>One call to one deployment.</summary>
public sealed record LlmAttempt
{
    /// <summary>Gets the deployment's name.</summary>
    public required string Deployment { get; init; }

    /// <summary>Gets the provider's slug.</summary>
    public required string Provider { get; init; }

    /// <summary>Gets how long the call took, until the end of the answer or the failure.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Gets what the call cost. A call that failed after it may have been processed is charged by estimate.</summary>
    public LlmCost Cost { get; init; }

    /// <summary>Gets the class of the failure.</summary>
    /// <value><see cref="LlmErrorClass.None"/> when the call succeeded.</value>
    public LlmErrorClass Error { get; init; }

    /// <summary>Gets the HTTP status of the answer, if one came.</summary>
    public int? StatusCode { get; init; }

    /// <summary>Gets a value indicating whether the call was made because an earlier one was slow (<see cref="Resilience.HedgingOptions"/>). Of the two, the one that lost is <see cref="LlmErrorClass.Cancelled"/>, and charged by estimate.</summary>
    public bool IsHedge { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Error is LlmErrorClass.None ? Deployment : $"{Deployment}: {Error}{(StatusCode is { } s ? $" ({s})" : "")}";
}
