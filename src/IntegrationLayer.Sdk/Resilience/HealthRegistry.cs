using System.Collections.Concurrent;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Resilience;

/// <summary>Keeps the breakers of this process, by what they are the health of and its name. They outlive configurations: a reload forgets nothing that is still there.</summary>
internal sealed class HealthRegistry
{
    private readonly ConcurrentDictionary<(HealthKind Kind, string Name), CircuitBreaker> _breakers = new(NameComparer.Instance);
    private readonly HealthEnvironment _environment;
    private volatile HealthOptions _options = new();
    private (Dictionary<string, DeploymentHealth> Deployments, Dictionary<string, AccountHealth> Accounts, Deployment[] All) _known = ([], [], []);

    public HealthRegistry(TimeProvider time, RandomSource random, IEnumerable<IHealthObserver> observers) =>
        _environment = new HealthEnvironment(() => _options, time, random, [.. observers]);

    /// <summary>Gets the settings in force.</summary>
    public HealthOptions Options => _options;

    /// <summary>Gets all breakers, in no order.</summary>
    public IEnumerable<CircuitBreaker> Breakers => _breakers.Values;

    /// <summary>Gets a breaker; makes it if there is none of that name.</summary>
    /// <param name="kind">What it is the health of.</param>
    /// <param name="name">Its name.</param>
    /// <param name="options">Gives the settings for one that is made, if they are others than those of <see cref="Options"/>.</param>
    public CircuitBreaker Get(HealthKind kind, string name, Func<HealthOptions>? options = null) => _breakers.GetOrAdd(
        (kind, name),
        static (key, environment) => new CircuitBreaker(key.Kind, key.Name, environment),
        options is null ? _environment : _environment with { Options = options });

    /// <summary>Finds a breaker; makes none.</summary>
    public CircuitBreaker? Find(HealthKind kind, string name) => _breakers.GetValueOrDefault((kind, name));

    /// <summary>Forgets the breakers of a kind that no longer bear a name in use.</summary>
    public void Retain(HealthKind kind, IEnumerable<string> names)
    {
        var kept = names.ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach ((HealthKind Kind, string Name) key in _breakers.Keys.Where(k => k.Kind == kind && !kept.Contains(k.Name)))
        {
            if (_breakers.TryRemove(key, out CircuitBreaker? gone))
            {
                // Who was told that it is ill is told that it no longer is.
                gone.Reset();
            }
        }
    }

    /// <summary>Takes over a configuration. Called by one thread at a time, when nothing can reject the configuration any more.</summary>
    /// <returns>The health of its deployments: of those that were there before, what it was, unless they now call something else or with another credential.</returns>
    public HealthTable Use(DeploymentSet deployments, HealthOptions options)
    {
        _options = options;
        Dictionary<string, Deployment> before = _known.All.ToDictionary(d => d.Name, StringComparer.OrdinalIgnoreCase);
        var accounts = new Dictionary<string, AccountHealth>(StringComparer.OrdinalIgnoreCase);
        var healths = new Dictionary<string, DeploymentHealth>(StringComparer.OrdinalIgnoreCase);
        var all = new DeploymentHealth[deployments.All.Length];
        foreach (Deployment deployment in deployments.All)
        {
            Deployment? old = before.GetValueOrDefault(deployment.Name);
            AccountHealth account = AccountOf(deployment.Account, accounts);
            DeploymentHealth? known = _known.Deployments.GetValueOrDefault(deployment.Name);
            if (known is null || known.Account != account)
            {
                known = new DeploymentHealth(Get(HealthKind.Deployment, deployment.Name), account);
            }

            if (old is not null && (old.ModelId != deployment.ModelId || !IsSame(old.Account, deployment.Account)))
            {
                known.Breaker.Reset();
            }

            all[deployment.Index] = healths[deployment.Name] = known;
        }

        var table = new HealthTable(all);
        foreach (Deployment deployment in deployments.All)
        {
            all[deployment.Index].Settle(table, deployment);
        }

        foreach (IGrouping<AccountHealth, DeploymentHealth> ofAccount in all.GroupBy(h => h.Account))
        {
            int[] indexes = [.. ofAccount.Select(h => h.Index)];
            ofAccount.Key.Breaker.Watch(isIll => Array.ForEach(indexes, index => table.Mark(index, HealthTable.AccountMark, isIll)));
        }

        _known = (healths, accounts, deployments.All);
        Retain(HealthKind.Deployment, healths.Keys);
        Retain(HealthKind.Account, accounts.Keys);
        return table;
    }

    private AccountHealth AccountOf(ProviderAccount account, Dictionary<string, AccountHealth> accounts)
    {
        if (!accounts.TryGetValue(account.Name, out AccountHealth? health))
        {
            health = _known.Accounts.GetValueOrDefault(account.Name) ?? new AccountHealth(Get(HealthKind.Account, account.Name));
            ProviderAccount? before = Array.Find(_known.All, d => string.Equals(d.Account.Name, account.Name, StringComparison.OrdinalIgnoreCase))?.Account;
            if (before is not null && !IsSame(before, account))
            {
                health.Breaker.Reset();
            }

            accounts.Add(account.Name, health);
        }

        return health;
    }

    // Another credential, another provider or another host: what was known is of something else.
    private static bool IsSame(ProviderAccount one, ProviderAccount other) =>
        ReferenceEquals(one, other)
        || (one.Provider == other.Provider && one.ApiKey == other.ApiKey && one.PortkeyProvider == other.PortkeyProvider && one.VirtualKey == other.VirtualKey
            && one.ConfigId == other.ConfigId && one.CustomHost == other.CustomHost
            && one.Headers.Count == other.Headers.Count && one.Headers.All(h => other.Headers.TryGetValue(h.Key, out string? value) && value == h.Value));

    private sealed class NameComparer : IEqualityComparer<(HealthKind Kind, string Name)>
    {
        public static NameComparer Instance { get; } = new();

        public bool Equals((HealthKind Kind, string Name) x, (HealthKind Kind, string Name) y) =>
            x.Kind == y.Kind && string.Equals(x.Name, y.Name, StringComparison.OrdinalIgnoreCase);

        public int GetHashCode((HealthKind Kind, string Name) key) => HashCode.Combine(key.Kind, StringComparer.OrdinalIgnoreCase.GetHashCode(key.Name));
    }
}
