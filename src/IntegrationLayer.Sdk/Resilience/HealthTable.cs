using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Resilience;

/// <summary>The health of the deployments of one configuration, by <see cref="Deployment.Index"/>.</summary>
/// <remarks>
/// Breakers belong to names and outlive configurations; this table only finds them. It marks those worth looking at, so that ranking thousands of
/// healthy deployments costs one comparison. A mark is a hint: whoever looks finds the truth, and takes back a mark that is out of date.
/// </remarks>
internal sealed class HealthTable : LoadTable
{
    /// <summary>The deployment's own breaker isn't clear.</summary>
    public const int OwnMark = 1;

    /// <summary>The account's breaker isn't clear.</summary>
    public const int AccountMark = 2;

    /// <summary>As many calls as may be are under way.</summary>
    public const int FullMark = 4;

    /// <summary>It refused a call that it was thought to take.</summary>
    public const int RefusedMark = 8;

    /// <summary>Its provider had too little left for some request.</summary>
    public const int ShortMark = 16;

    private readonly DeploymentHealth[] _deployments;
    private readonly int[] _marks;
    private int _marked;

    public HealthTable(DeploymentHealth[] deployments)
        : base(deployments)
    {
        _deployments = deployments;
        _marks = new int[deployments.Length];
    }

    /// <summary>Gets those who wait for a deployment to come back.</summary>
    public WaitingLine Line { get; } = new();

    /// <summary>Gets a value indicating whether no deployment is worth looking at: all may be called.</summary>
    public bool IsAllWell => Volatile.Read(ref _marked) == 0;

    /// <summary>Gets the marks, by <see cref="Deployment.Index"/>; zero for a deployment that is well.</summary>
    public ReadOnlySpan<int> Marks => _marks;

    public DeploymentHealth this[int index] => _deployments[index];

    /// <summary>Gets the health that loads are a part of: nothing else makes them.</summary>
    public static HealthTable Of(LoadTable loads) => (HealthTable)loads;

    /// <summary>Says whether a deployment may be called now, as far as that doesn't depend on its account.</summary>
    public Availability Examine(int index)
    {
        Availability availability = _deployments[index].Examine();
        if (availability.Share >= 1 && (_marks[index] & (FullMark | RefusedMark)) != 0)
        {
            Mark(index, FullMark | RefusedMark, isSet: false);
        }

        return availability;
    }

    /// <summary>Begins a call.</summary>
    /// <param name="index">The deployment.</param>
    /// <param name="isLastResort">Whether nobody else is left.</param>
    /// <returns>What ends it; <see langword="null"/> if it may not be made.</returns>
    public CallLease? TryEnter(int index, bool isLastResort)
    {
        CallLease? lease = _deployments[index].TryEnter(isLastResort);
        if (lease is null)
        {
            Mark(index, RefusedMark, isSet: true);
        }

        return lease;
    }

    /// <summary>Says whether a deployment's provider has too little left for a request. A mark that is out of date is taken back.</summary>
    /// <param name="index">The deployment.</param>
    /// <param name="tokens">How many tokens the request may use.</param>
    public bool IsShort(int index, long tokens)
    {
        bool isShort = _deployments[index].Headroom?.IsShortOf(tokens) is true;
        if (!isShort && (_marks[index] & ShortMark) != 0)
        {
            Mark(index, ShortMark, isSet: false);
        }

        return isShort;
    }

    /// <summary>Sets or takes back a mark.</summary>
    public void Mark(int index, int mark, bool isSet)
    {
        if (isSet)
        {
            if (Interlocked.Or(ref _marks[index], mark) == 0)
            {
                Interlocked.Increment(ref _marked);
            }
        }
        else if (Interlocked.And(ref _marks[index], ~mark) is var before && before != 0 && (before & ~mark) == 0)
        {
            Interlocked.Decrement(ref _marked);
        }
    }
}
