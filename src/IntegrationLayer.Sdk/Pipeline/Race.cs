using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Resilience;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>A request that may be hedged.</summary>
/// <param name="Costs">Its candidates.</param>
/// <param name="Call">The request.</param>
/// <param name="Limits">The budgets that cover it.</param>
/// <param name="Others">Who is next in line.</param>
/// <param name="Plan">Who is still to be tried, if something has failed before.</param>
internal sealed record Race(CostAnalysis Costs, CallRecord Call, IReadOnlyList<BudgetLimit> Limits, IEnumerable<RankedDeployment> Others, RetryPlan? Plan);
