using System.Runtime.CompilerServices;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Resilience;

/// <summary>The way to a deployment that goes through no gateway, where the application knows one.</summary>
/// <param name="find">Makes it; <see langword="null"/> where there is none. A <see langword="null"/> function offers none at all.</param>
internal sealed class LastResort(Func<Deployment, IModelGateway?>? find)
{
    private readonly ConditionalWeakTable<Deployment, Way> _known = [];

    /// <summary>Gets a value indicating whether some deployments may have such a way.</summary>
    public bool IsOffered => find is not null;

    /// <summary>Gets the way to a deployment, made once.</summary>
    public IModelGateway? For(Deployment deployment) =>
        find is null ? null : _known.GetValue(deployment, key => new Way(find(key))).Gateway;

    private sealed record Way(IModelGateway? Gateway);
}
