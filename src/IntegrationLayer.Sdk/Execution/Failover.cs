using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Execution;

/// <summary>Decides by the class of a failure which deployments may be tried after it.</summary>
internal static class Failover
{
    /// <summary>Gets the deployments that are worth trying after a failure, in order.</summary>
    /// <param name="error">The class of the failure.</param>
    /// <param name="failed">Who failed.</param>
    /// <param name="standby">Who was left, the failed one included; those before it could not be paid for.</param>
    /// <param name="deadline">The request's deadline: when it is over, nobody is tried.</param>
    /// <param name="leftUsd">What the request may still cost, in US dollars; <see langword="null"/> if it has no limit.</param>
    public static IReadOnlyList<RankedDeployment> After(
        LlmErrorClass error, RankedDeployment failed, IReadOnlyList<RankedDeployment> standby, in Deadline deadline, decimal? leftUsd) =>
        deadline.Remaining > TimeSpan.Zero
            ? [.. standby.SkipWhile(s => s.Deployment != failed.Deployment).Skip(1).Where(s => Allows(error, failed.Deployment, s.Deployment) && !(s.MaxCost.Usd > leftUsd))]
            : [];

    /// <summary>Gets who is left when one can't be called after all.</summary>
    public static IReadOnlyList<RankedDeployment> Without(RankedDeployment refused, IReadOnlyList<RankedDeployment> standby) =>
        [.. standby.Where(s => s.Deployment != refused.Deployment)];

    // A request that is itself at fault fails everywhere, and a refusal is not to be bypassed.
    private static bool Allows(LlmErrorClass error, Deployment failed, Deployment next) => error switch
    {
        LlmErrorClass.InvalidRequest or LlmErrorClass.ContentPolicy or LlmErrorClass.GuardrailDenied or LlmErrorClass.TooLarge => false,
        LlmErrorClass.GatewayUnavailable or LlmErrorClass.Overloaded or LlmErrorClass.Cancelled or LlmErrorClass.Unknown => false,
        LlmErrorClass.ContextLength => next.Model.ContextTokens > failed.Model.ContextTokens,
        LlmErrorClass.Authentication or LlmErrorClass.QuotaExhausted => next.Account != failed.Account,
        _ => true,
    };
}
