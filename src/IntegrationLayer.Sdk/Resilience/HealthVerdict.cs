namespace IntegrationLayer.Sdk.Resilience;

/// <summary>Whether calls may be made now.</summary>
/// <param name="State">The state.</param>
/// <param name="Share">The part of its usual traffic that it should get, from 0 (no call may be made) to 1.</param>
/// <param name="Until">When it may be called again, if that is known.</param>
/// <param name="Reason">What put it into the state.</param>
internal readonly record struct HealthVerdict(HealthState State, double Share, DateTimeOffset? Until, string? Reason)
{
    public static HealthVerdict Healthy => new(HealthState.Healthy, 1, null, null);

    public bool IsAvailable => Share > 0;

    /// <summary>Says why no call is made: <c>open until 12:00:05Z: 5 failures in a row</c>.</summary>
    public override string ToString()
    {
        string state = State switch
        {
            HealthState.HalfOpen => "half-open",
            _ => State.ToString().ToLowerInvariant(),
        };
        string until = Until is { } moment ? FormattableString.Invariant($" until {moment.UtcDateTime:HH:mm:ss.fff}Z") : "";
        return $"{state}{until}{(Reason is null ? "" : $": {Reason}")}";
    }
}
