using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Resilience;

/// <summary>Every deployment that could serve the request is ill, resting or full. Nothing was sent.</summary>
public sealed class DeploymentsUnavailableException : LlmException
{
    private const int MaxReasonsInMessage = 8;

    /// <summary>Creates the exception.</summary>
    /// <param name="rejected">One reason for each deployment.</param>
    /// <param name="retryAfter">When the first of them is expected back; <see langword="null"/> if that isn't known.</param>
    public DeploymentsUnavailableException(IReadOnlyList<RejectedDeployment> rejected, TimeSpan? retryAfter)
        : base(Describe(rejected, retryAfter), LlmErrorClass.ProviderUnavailable, LlmErrorSource.Sdk)
    {
        Rejected = rejected;
        RetryAfter = retryAfter;
    }

    /// <summary>Gets one reason for each configured deployment.</summary>
    public IReadOnlyList<RejectedDeployment> Rejected { get; }

    private static string Describe(IReadOnlyList<RejectedDeployment> rejected, TimeSpan? retryAfter)
    {
        string back = retryAfter is { } wait ? FormattableString.Invariant($" The first is expected back in {wait.TotalSeconds:0.#} s.") : "";
        string more = rejected.Count > MaxReasonsInMessage ? $"; and {rejected.Count - MaxReasonsInMessage} more" : "";
        return $"No deployment that can serve the request is available.{back} {string.Join("; ", rejected.Take(MaxReasonsInMessage))}{more}.";
    }
}
