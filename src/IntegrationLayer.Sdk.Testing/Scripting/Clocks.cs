namespace IntegrationLayer.Sdk.Testing.Scripting;

/// <summary>What is said when a script needs a clock and has none.</summary>
internal static class Clocks
{
    /// <summary>The fault and its cure.</summary>
    public const string Missing =
        "This script waits for a time span, but the fake has no clock. Create the fake with TimeProvider.System, or with a FakeTimeProvider to advance the time yourself.";
}
