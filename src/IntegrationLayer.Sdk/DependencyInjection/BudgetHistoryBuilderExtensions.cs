using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Configuration;
using IntegrationLayer.Sdk.Pipeline;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what budgets are rebuilt from.</summary>
public static class BudgetHistoryBuilderExtensions
{
    /// <summary>Rebuilds budgets that a shared ledger has lost from usage records.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// The store of usage records must hold those of every process that shares the budgets, for as long as their windows are, and outlive the processes:
    /// the default one, in memory, does neither. What was used is reckoned rather too high than too low. A budget in US dollars of which requests without
    /// a known price are part, and one of a tag whose window is longer than single records are kept, can't be rebuilt.
    /// </remarks>
    public static IIntegrationLayerBuilder UseUsageAsBudgetHistory(this IIntegrationLayerBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Replace(ServiceDescriptor.Singleton<IBudgetHistory>(
            static p => new UsageBudgetHistory(p.GetRequiredService<IUsageAnalytics>(), p.GetRequiredService<ConfigurationSource>())));
        return builder;
    }
}
