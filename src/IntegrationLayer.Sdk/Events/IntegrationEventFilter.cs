namespace IntegrationLayer.Sdk.Events;

/// <summary>Which events a subscriber wants.</summary>
public sealed class IntegrationEventFilter
{
    /// <summary>Gets the types; empty, the default, for all.</summary>
    public IReadOnlyCollection<string> Types { get; init; } = [];

    /// <summary>Gets how many events may wait to be read.</summary>
    /// <value>From 1 to 100,000; the default is 1,024.</value>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public int Capacity
    {
        get;
        init => field = value is >= 1 and <= 100_000
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Capacity), value, "Let 1 to 100,000 events wait.");
    } = 1_024;
}
