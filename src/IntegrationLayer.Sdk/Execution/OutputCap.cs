using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Execution;

/// <summary>Makes the cap on the answer that money was held back for the cap that is sent.</summary>
internal static class OutputCap
{
    /// <summary>Gets the options to send: the caller's own, or a copy with a cap where the bound on the cost depends on one, or on a smaller one than the caller's.</summary>
    /// <param name="request">The request.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="isBinding">Whether a budget covers the request.</param>
    public static ChatOptions? Apply(LlmRequest request, RankedDeployment target, bool isBinding)
    {
        ChatOptions? options = request.Options;
        bool needsCap = target.IsCapReduced || (options?.MaxOutputTokens is null && (isBinding || request.Requirements.MaxCost is not null));
        if (!needsCap || request.Kind is not ModelKind.Chat)
        {
            return options;
        }

        ChatOptions capped = options?.Clone() ?? new ChatOptions();
        capped.MaxOutputTokens = target.MaxOutputTokens;
        return capped;
    }
}
