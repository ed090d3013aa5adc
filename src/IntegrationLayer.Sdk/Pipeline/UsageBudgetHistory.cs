using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Configuration;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Usage;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>Reckons from usage records what a budget has counted: rather too much than too little.</summary>
/// <remarks>
/// A record knows all that its request cost, but only the deployment that was called last. What calls before that one may have used counts for every model
/// and provider. The tokens of calls that failed are not known: each counts as many as an answered one did on average.
/// </remarks>
internal sealed class UsageBudgetHistory(IUsageAnalytics analytics, ConfigurationSource configuration) : IBudgetHistory
{
    private const string Nameless = "(none)";
    private const int CutNames = 256;

    public async ValueTask<decimal> GetUsedAsync(BudgetLimit limit, BudgetPeriod period, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(limit);
        if (limit.Unit is BudgetUnit.Concurrency || period.Start >= period.End)
        {
            // What is under way is in no record.
            return 0m;
        }

        UsageReport report = await analytics.QueryAsync(
            new UsageQuery
            {
                From = period.Start,
                To = period.End,
                GroupBy = [UsageDimension.Deployment, UsageDimension.Provider, UsageDimension.Model],
                Filters = [.. FiltersOf(limit.Scope)],
            },
            cancellationToken).ConfigureAwait(false);
        var own = new UsageTotals();
        var others = new UsageTotals();
        foreach (UsageRow row in report.Rows)
        {
            (IsOf(limit.Scope, row.Group[0], row.Group[1], row.Group[2]) ? own : others).Add(row.Totals);
        }

        return limit.Unit switch
        {
            BudgetUnit.Usd => Cost(limit, own) + others.WastedUsd,
            BudgetUnit.Requests => own.Attempts + Failed(others),
            _ => own.Tokens.TotalInput + own.Tokens.TotalOutput + FailedTokens(own, others),
        };
    }

    private static decimal Cost(BudgetLimit limit, UsageTotals own) => own.Unpriced == 0
        ? own.CostUsd
        : throw new InvalidOperationException(
            $"{own.Unpriced} requests under the budget '{limit.Scope}' have no known price, so nobody knows what was spent. Give their models prices, or set the budget's state to be assumed.");

    private static long Answered(UsageTotals totals) => totals.Requests - totals.Errors - totals.Denied - totals.Cancelled - totals.CacheHits;

    private static long Failed(UsageTotals totals) => Math.Max(0, totals.Attempts - Answered(totals));

    private static decimal FailedTokens(UsageTotals own, UsageTotals others)
    {
        long answered = Answered(own) + Answered(others);
        long tokens = own.Tokens.TotalInput + own.Tokens.TotalOutput + others.Tokens.TotalInput + others.Tokens.TotalOutput;
        return answered == 0 ? 0 : decimal.Ceiling((decimal)tokens / answered * (Failed(own) + Failed(others)));
    }

    private static IEnumerable<UsageFilter> FiltersOf(BudgetScope scope)
    {
        if (scope.TenantId is { } tenant)
        {
            yield return Filter(UsageDimension.Tenant, tenant);
        }

        // Of a name that was cut, only the beginning is known: everything counts.
        if (scope.Name.Length >= CutNames)
        {
            yield break;
        }

        switch (scope.Kind)
        {
            case BudgetScopeKind.Tenant:
                yield return Filter(UsageDimension.Tenant, scope.Name);
                break;
            case BudgetScopeKind.Team:
                yield return Filter(UsageDimension.Team, scope.Name);
                break;
            case BudgetScopeKind.User:
                yield return Filter(UsageDimension.User, scope.Name);
                break;
            case BudgetScopeKind.Key:
                yield return Filter(UsageDimension.Key, scope.Name);
                break;
            case BudgetScopeKind.Operation:
                yield return Filter(UsageDimension.Operation, scope.Name);
                break;
            case BudgetScopeKind.Tag:
                int equals = scope.Name.IndexOf('=', StringComparison.Ordinal);
                yield return Filter(UsageDimension.Tag(scope.Name[..equals]), scope.Name[(equals + 1)..]);
                break;
        }
    }

    private static UsageFilter Filter(UsageDimension dimension, string name) => name == Nameless ? new UsageFilter(dimension, name, "") : new UsageFilter(dimension, name);

    private bool IsOf(BudgetScope scope, string deployment, string provider, string model) => scope.Kind switch
    {
        BudgetScopeKind.Provider => Same(scope.Name, provider),
        BudgetScopeKind.Model => Same(scope.Name, model) || IsModelOf(deployment, scope.Name),
        _ => true,
    };

    // One that is configured no more may have been any model's.
    private bool IsModelOf(string deployment, string model)
    {
        foreach (Deployment known in configuration.Current.Deployments.All)
        {
            if (known.Name == deployment)
            {
                return Same(model, known.Model.Model);
            }
        }

        return deployment.Length > 0;
    }

    private static bool Same(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);
}
