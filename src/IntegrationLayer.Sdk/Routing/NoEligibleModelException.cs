using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Routing;

/// <summary>No configured deployment meets the request's requirements. Nothing was sent.</summary>
public sealed class NoEligibleModelException : IntegrationLayerException
{
    private const int MaxReasonsInMessage = 8;

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What no deployment meets.</param>
    /// <param name="rejected">One reason for each deployment.</param>
    public NoEligibleModelException(string message, IReadOnlyList<RejectedDeployment> rejected)
        : base(message) => Rejected = rejected;

    /// <summary>Gets one reason for each configured deployment.</summary>
    public IReadOnlyList<RejectedDeployment> Rejected { get; }

    /// <inheritdoc/>
    public override bool IsTransient => false;

    internal static NoEligibleModelException For(IRejectionReport report)
    {
        IReadOnlyList<RejectedDeployment> rejected = report.Explain();
        IEnumerable<string> reasons = rejected
            .GroupBy(r => r.Reason)
            .OrderByDescending(g => g.Count())
            .Take(MaxReasonsInMessage)
            .Select(g => g.Count() == 1 ? g.First().ToString() : $"{g.First().Deployment} and {g.Count() - 1} more: {g.Key}");
        return new NoEligibleModelException($"No deployment can serve the request. {string.Join("; ", reasons)}.", rejected);
    }
}
