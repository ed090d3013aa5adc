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

    /// <summary>For a request that asks for what the configuration may not have at all: says so, instead of a reason for each deployment.</summary>
    internal static NoEligibleModelException For(IRejectionReport report, LlmRequest request, DeploymentSet deployments)
    {
        if (request.Options?.ModelId is { } name && deployments.Find(name).Length == 0)
        {
            return new NoEligibleModelException(
                $"No deployment, model or alias is named '{name}'. Known, nearest first: {NearNames.List(name, deployments.Names)}.", report.Explain());
        }

        string[] strange = [.. request.Requirements.Regions.Where(r => !deployments.Regions.Contains(r, StringComparer.OrdinalIgnoreCase))];
        return strange.Length > 0
            ? new NoEligibleModelException(
                $"No deployment can serve the request: none has the region '{string.Join("', '", strange)}', nor does a group of regions bear that name. Known, nearest first: {NearNames.List(strange[0], deployments.Regions)}. {Reasons(report.Explain())}.",
                report.Explain())
            : For(report);
    }

    /// <summary>For a request that no deployment can serve.</summary>
    internal static NoEligibleModelException For(IRejectionReport report)
    {
        IReadOnlyList<RejectedDeployment> rejected = report.Explain();
        return new NoEligibleModelException($"No deployment can serve the request. {Reasons(rejected)}.", rejected);
    }

    /// <summary>For a request that deployments could serve, none of which the policy wants.</summary>
    internal static NoEligibleModelException RuledOut(RouteDecision decision) =>
        new($"The routing policy '{decision.Policy}' ruled out all {decision.CandidateCount} candidates: it gave none a finite score.", decision.Rejected);

    private static string Reasons(IReadOnlyList<RejectedDeployment> rejected) => string.Join("; ", rejected
        .GroupBy(r => r.Reason)
        .OrderByDescending(g => g.Count())
        .Take(MaxReasonsInMessage)
        .Select(g => g.Count() == 1 ? g.First().ToString() : $"{g.First().Deployment} and {g.Count() - 1} more: {g.Key}"));
}
