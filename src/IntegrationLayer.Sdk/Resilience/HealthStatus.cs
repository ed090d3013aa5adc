namespace IntegrationLayer.Sdk.Resilience;

/// <summary>How a deployment, an account or an endpoint of the gateway is doing.</summary>
public sealed record HealthStatus
{
    /// <summary>Gets what this is about.</summary>
    public required HealthKind Kind { get; init; }

    /// <summary>Gets the deployment's, account's or endpoint's name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the slug of the provider; <see langword="null"/> for an endpoint.</summary>
    public string? Provider { get; init; }

    /// <summary>Gets the account's name; <see langword="null"/> for an endpoint.</summary>
    public string? Account { get; init; }

    /// <summary>Gets the state. A deployment's is its own: that its account is benched is the account's.</summary>
    public required HealthState State { get; init; }

    /// <summary>Gets since when it has had the state.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>Gets when it may be called again.</summary>
    /// <value><see langword="null"/> when it may be called now, or when that isn't known.</value>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Gets what put it into the state, such as <c>5 failures in a row</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets how many calls that say something about its health have ended within <see cref="HealthOptions.Window"/>.</summary>
    public int Calls { get; init; }

    /// <summary>Gets the part of <see cref="Calls"/> that failed, timed out or broke off, from 0 to 1.</summary>
    public double ErrorRatio { get; init; }

    /// <summary>Gets how many calls are under way in this process; of an account, all its deployments'. <see langword="null"/> for an endpoint.</summary>
    public int? InFlight { get; init; }

    /// <summary>Gets how many calls may be under way at once; <see langword="null"/> for any number.</summary>
    public int? MaxConcurrency { get; init; }

    /// <summary>Gets the time to the first content that is expected of it; <see langword="null"/> if it was never observed.</summary>
    public TimeSpan? TimeToFirstToken { get; init; }

    /// <summary>Gets the time for each further token that is expected of it; <see langword="null"/> if it was never observed.</summary>
    public TimeSpan? TimePerToken { get; init; }

    /// <summary>Gets how many requests the provider will still take, by what its last answer said and what this process has sent since; <see langword="null"/> if it didn't say, or that is out of date.</summary>
    public long? RemainingRequests { get; init; }

    /// <summary>Gets the same of tokens.</summary>
    public long? RemainingTokens { get; init; }

    /// <summary>Gives the name, the state and the reason: <c>openai/gpt-4o: open until 12:00:05.000Z: 5 failures in a row</c>.</summary>
    /// <returns>The text, in the invariant culture.</returns>
    public override string ToString() => $"{Name}: {new HealthVerdict(State, 1, Until, Reason)}";
}
