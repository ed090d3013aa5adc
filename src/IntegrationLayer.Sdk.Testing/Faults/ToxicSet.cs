using System.Collections.Immutable;

namespace IntegrationLayer.Sdk.Testing.Faults;

/// <summary>The toxics of a proxy at one moment, and the signal that they are no longer these.</summary>
internal sealed class ToxicSet(ImmutableArray<ActiveToxic> items)
{
    private readonly TaskCompletionSource _replaced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ImmutableArray<ActiveToxic> Items => items;

    /// <summary>Completes when another set takes the place of this one.</summary>
    public Task Replaced => _replaced.Task;

    /// <summary>Wakes all flows that wait by this set.</summary>
    public void Retire() => _replaced.SetResult();
}
