using System.Globalization;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Costing;

/// <summary>The hard constraints that don't depend on a request's length. Routing and the reasons given for it both ask here, so they can't disagree.</summary>
internal static class Eligibility
{
    /// <summary>Gets why a deployment can't serve requests with a key, or <see langword="null"/> if it can.</summary>
    public static string? ReasonAgainst(Deployment deployment, in CandidateKey key, DeploymentSet deployments, UnknownPricePolicy unknownPrices)
    {
        ModelInfo model = deployment.Model;
        ModelPrices prices = model.Prices;
        return 0 switch
        {
            _ when key.Name is { } name && Array.BinarySearch(deployments.Find(name), deployment.Index) < 0 =>
                $"the request asks for '{name}'",
            _ when model.Kind != key.Kind =>
                $"is for {model.Kind}, not {key.Kind}",
            _ when (key.Capabilities & ~model.Capabilities) is var missing and not ModelCapabilities.None =>
                $"lacks {missing}{(model.Capabilities is ModelCapabilities.None ? "; set Capabilities in its deployment if it has it" : "")}",
            _ when key.IsRegional && ReasonAgainstRegion(deployment, key, deployments) is { } reason =>
                reason,
            _ when key.MinContextTokens > 0 && !(model.ContextTokens >= key.MinContextTokens) => model.ContextTokens is { } context
                ? Invariant($"its context of {context} tokens is under {key.MinContextTokens}")
                : Invariant($"its context is unknown, and must be {key.MinContextTokens} tokens; set ContextTokens in its deployment"),
            _ when !(deployment.Quality >= key.MinQuality) =>
                Invariant($"its quality of {deployment.Quality} is under {key.MinQuality}"),
            _ when model.IsSuspect =>
                "its catalogue price is suspect (more than four times off other offers of the model); set the price in the deployment to use it",
            _ when unknownPrices is UnknownPricePolicy.Deny && !IsPriced(model) =>
                "its price is unknown; set it in the deployment, or set UnknownPrices to UseUpperBound or AllowAndFlag",
            _ when key.MaxInputPrice is { } max && (prices.Input is not { } input || input > max) =>
                Invariant($"its input price of {Show(prices.Input)} USD per million tokens is over {max}"),
            _ when key.MaxOutputPrice is { } max && Writes(key.Kind) && (prices.Output is not { } output || output > max) =>
                Invariant($"its output price of {Show(prices.Output)} USD per million tokens is over {max}"),
            _ => null,
        };
    }

    /// <summary>Tells whether the prices that every request to the model needs are known.</summary>
    public static bool IsPriced(ModelInfo model) =>
        model.Prices.Input is not null && (model.Prices.Output is not null || !Writes(model.Kind));

    /// <summary>Tells whether models of a kind produce billed output tokens.</summary>
    public static bool Writes(ModelKind kind) => kind is not (ModelKind.Embedding or ModelKind.Rerank or ModelKind.Moderation);

    // Every region that the deployment may use must be allowed: one that may go anywhere meets no residency requirement.
    private static string? ReasonAgainstRegion(Deployment deployment, in CandidateKey key, DeploymentSet deployments)
    {
        ulong mask = deployments.RegionMasks[deployment.Index];
        return mask == 0 ? "has no configured region, so it can't meet a residency requirement"
            : (mask & ~key.Regions) != 0 ? $"processes in {string.Join(", ", deployment.Regions)}, which the request doesn't allow"
            : null;
    }

    private static string Show(decimal? price) => price?.ToString(CultureInfo.InvariantCulture) ?? "unknown";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
