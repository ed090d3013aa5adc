using System.Collections.Concurrent;

namespace IntegrationLayer.Sdk.Budgets;

/// <summary>The configured limits, made ready to find those that cover a request. Immutable but for what it remembers.</summary>
internal sealed class BudgetPlan(IReadOnlyList<BudgetLimit> limits)
{
    // Who gives no name is counted together: nobody escapes a budget by leaving it out.
    private const string Nameless = "(none)";
    private const int MaxRemembered = 50_000;

    private readonly ConcurrentDictionary<(BudgetLimit Rule, string? Tenant, string Name), BudgetLimit> _remembered = new();

    /// <summary>Gets the plan without limits.</summary>
    public static BudgetPlan None { get; } = new([]);

    /// <summary>Gets the limits that cover a request.</summary>
    public IReadOnlyList<BudgetLimit> LimitsOf(LlmRequestContext context)
    {
        if (limits.Count == 0)
        {
            return [];
        }

        var covering = new List<BudgetLimit>(limits.Count);
        foreach (BudgetLimit rule in limits)
        {
            if (Cover(rule, context) is { } limit)
            {
                covering.Add(limit);
            }
        }

        return covering;
    }

    private BudgetLimit? Cover(BudgetLimit rule, LlmRequestContext context) => rule.Scope.Kind switch
    {
        BudgetScopeKind.Tenant => Cover(rule, context.TenantId, tenant: null),
        BudgetScopeKind.Team => Cover(rule, context.TeamId, context.TenantId),
        BudgetScopeKind.User => Cover(rule, context.UserId, context.TenantId),
        BudgetScopeKind.Key => Cover(rule, context.KeyId, context.TenantId),
        BudgetScopeKind.Operation => Cover(rule, context.Operation, tenant: null),
        BudgetScopeKind.Tag => CoverTag(rule, context),

        // Everybody's, or, of models and providers, that of whichever deployment is chosen.
        _ => rule,
    };

    private BudgetLimit? Cover(BudgetLimit rule, string? name, string? tenant) =>
        rule.Scope.IsEach ? Remember(rule, name ?? Nameless, tenant)
        : rule.Scope.Name == name ? Remember(rule, rule.Scope.Name, tenant)
        : null;

    private BudgetLimit? CoverTag(BudgetLimit rule, LlmRequestContext context)
    {
        int equals = rule.Scope.Name.IndexOf('=', StringComparison.Ordinal);
        string tag = rule.Scope.Name[..equals];
        string wanted = rule.Scope.Name[(equals + 1)..];
        string? value = context.Tags.GetValueOrDefault(tag);
        return wanted == BudgetScope.Each ? Remember(rule, $"{tag}={value ?? Nameless}", tenant: null)
            : wanted == value ? rule
            : null;
    }

    // The same limit each time, which ledgers find faster.
    private BudgetLimit Remember(BudgetLimit rule, string name, string? tenant)
    {
        if (rule.Scope.Name == name && tenant is null)
        {
            return rule;
        }

        if (_remembered.TryGetValue((rule, tenant, name), out BudgetLimit? known))
        {
            return known;
        }

        if (_remembered.Count >= MaxRemembered)
        {
            _remembered.Clear();
        }

        return _remembered.GetOrAdd((rule, tenant, name), static key => key.Rule with { Scope = new BudgetScope(key.Rule.Scope.Kind, Short(key.Name), key.Tenant) });
    }

    // A name that callers choose may be of any length, and blank.
    private static string Short(string name) => string.IsNullOrWhiteSpace(name) ? Nameless : name.Length <= 256 ? name : name[..256];
}
