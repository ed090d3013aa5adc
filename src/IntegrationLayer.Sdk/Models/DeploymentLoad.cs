namespace IntegrationLayer.Sdk.Models;

/// <summary>How busy a deployment is. It outlives configurations: a call that began under one ends under the next.</summary>
internal abstract class DeploymentLoad
{
    private int _inFlight;

    /// <summary>Gets how many calls to it are under way in this process.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Gets or sets how many calls may be under way; <see cref="int.MaxValue"/> for any number.</summary>
    public int Limit { get; set; } = int.MaxValue;

    /// <summary>Gets a value indicating whether no further call may begin now.</summary>
    public bool IsFull => InFlight >= Limit;

    /// <summary>Begins a call, unless as many as may be are under way.</summary>
    protected bool TryBegin()
    {
        if (Interlocked.Increment(ref _inFlight) <= Limit)
        {
            return true;
        }

        Interlocked.Decrement(ref _inFlight);
        return false;
    }

    /// <summary>Ends a call.</summary>
    protected void End() => Interlocked.Decrement(ref _inFlight);
}
