namespace IntegrationLayer.Sdk.Telemetry;

/// <summary>Counts down the sets of attributes that an instrument may still have.</summary>
internal sealed class SetLimit(int maximum)
{
    private int _left = maximum;

    /// <summary>Takes one.</summary>
    /// <returns><see langword="false"/> if there is none left.</returns>
    public bool TryTake() => Volatile.Read(ref _left) > 0 && Interlocked.Decrement(ref _left) >= 0;
}
