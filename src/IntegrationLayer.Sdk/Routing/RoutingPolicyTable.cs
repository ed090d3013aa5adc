using System.Collections.Frozen;

namespace IntegrationLayer.Sdk.Routing;

/// <summary>The routing policies by name.</summary>
internal sealed class RoutingPolicyTable
{
    private readonly FrozenDictionary<string, IRoutingPolicy> _policies;
    private volatile IRoutingPolicy _default;

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
        _default = _policies.Values[0];
    }

    public IEnumerable<string> Names => _policies.Keys.Order(StringComparer.Ordinal);

    /// <summary>Gets the policy of requests that name none.</summary>
    public IRoutingPolicy Default => _default;

    public bool Has(string name) => _policies.ContainsKey(name);

    public void SetDefault(string name) => _default = _policies[name];

    /// <summary>Finds a policy by the name that a request gives.</summary>
    /// <exception cref="ArgumentException">There is no policy of that name.</exception>
    public IRoutingPolicy Find(string? name) =>
        name is null ? _default
        : _policies.TryGetValue(name, out IRoutingPolicy? policy) ? policy
        : throw new ArgumentException($"There is no routing policy '{name}'. Known: {string.Join(", ", Names)}. Register yours with AddRoutingPolicy<T>().", nameof(name));
}
