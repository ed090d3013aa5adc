using System.Collections.Frozen;

namespace IntegrationLayer.Sdk.Routing;

/// <summary>The routing policies by name.</summary>
internal sealed class RoutingPolicyTable
{
    private readonly FrozenDictionary<string, IRoutingPolicy> _policies;

    public RoutingPolicyTable(IEnumerable<IRoutingPolicy> policies)
    {
        var byName = new Dictionary<string, IRoutingPolicy>(StringComparer.OrdinalIgnoreCase);
        foreach (IRoutingPolicy policy in policies)
        {
            if (!byName.TryAdd(policy.Name, policy))
            {
                throw new InvalidOperationException(
                    $"Two routing policies are named '{policy.Name}': {byName[policy.Name].GetType()} and {policy.GetType()}. Give one of them another name.");
            }
        }

        _policies = byName.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    public IEnumerable<string> Names => _policies.Keys.Order(StringComparer.Ordinal);

    public bool Has(string name) => _policies.ContainsKey(name);

    /// <summary>Finds a policy by the name that a request or the configuration gives.</summary>
    /// <exception cref="ArgumentException">There is no policy of that name.</exception>
    public IRoutingPolicy Find(string name) =>
        _policies.TryGetValue(name, out IRoutingPolicy? policy)
            ? policy
            : throw new ArgumentException($"There is no routing policy '{name}'. Known: {string.Join(", ", Names)}. Register yours with AddRoutingPolicy<T>().", nameof(name));
}
