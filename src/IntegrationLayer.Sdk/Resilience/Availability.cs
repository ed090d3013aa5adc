namespace IntegrationLayer.Sdk.Resilience;

/// <summary>Whether a deployment may be called now, all that it depends on considered.</summary>
/// <param name="Verdict">The health of the deployment or of its account, whichever keeps it from being called.</param>
/// <param name="Account">The account's name, if the verdict is the account's.</param>
/// <param name="Limit">The limit of calls under way, if that is what keeps it from being called.</param>
internal readonly record struct Availability(HealthVerdict Verdict, string? Account = null, int? Limit = null)
{
    /// <summary>Gets the part of its usual traffic that it should get, from 0 to 1.</summary>
    public double Share => Limit is null ? Verdict.Share : 0;

    /// <summary>Gets a value indicating whether it may be called when nobody else is left. Neither the user's own limit is overstepped, nor is an account called that can only refuse.</summary>
    public bool MayBeLastResort => Limit is null && Verdict.State is not HealthState.Benched;

    /// <summary>Says why it isn't called: <c>at its concurrency limit of 8</c>, <c>open until 12:00:05.000Z: 5 failures in a row</c>.</summary>
    public override string ToString() =>
        Limit is { } limit ? FormattableString.Invariant($"at its concurrency limit of {limit}")
        : Account is not null ? $"its account {Account} is {Verdict}"
        : Verdict.Share is > 0 and < 1 ? FormattableString.Invariant($"{Verdict}, gets {Verdict.Share:0.##} of its traffic")
        : Verdict.ToString();
}
