using IntegrationLayer.Sdk.Resilience;

namespace IntegrationLayer.Sdk.Telemetry;

/// <summary>Counts changes of health, and says what it is now.</summary>
/// <param name="source">Gives what measures: it is made from the configuration, which is built with those who watch over health.</param>
internal sealed class HealthTelemetry(Func<LlmTelemetry> source) : IHealthObserver
{
    private static readonly string[] Kinds = ["deployment", "account", "gateway"];
    private static readonly string[] States = ["healthy", "degraded", "recovering", "half_open", "cooling", "open", "benched"];

    public void Changed(in HealthChange change)
    {
        LlmTelemetry telemetry = source();
        Instruments to = telemetry.Instruments;
        if (to.CircuitState is not { Enabled: true } && to.CircuitTransitions is not { Enabled: true })
        {
            return;
        }

        KeyValuePair<string, object?> kind = new(Attributes.Health.Name, Kinds[(int)change.Kind]);
        KeyValuePair<string, object?> name = new(Attributes.HealthName.Name, telemetry.HealthNames[(int)change.Kind].Admit(change.Name));
        to.CircuitState?.Record(change.To switch { HealthState.HalfOpen => 1, HealthState.Cooling or HealthState.Open or HealthState.Benched => 2, _ => 0 }, kind, name);
        to.CircuitTransitions?.Add(1, kind, name, new KeyValuePair<string, object?>(Attributes.HealthState.Name, States[(int)change.To]));
    }
}
