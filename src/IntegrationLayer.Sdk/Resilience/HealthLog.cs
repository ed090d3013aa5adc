using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Resilience;

/// <summary>Logs changes of health: what needs somebody's attention as an error, what the SDK copes with as a warning, what passes by itself as information.</summary>
internal sealed partial class HealthLog(ILogger<HealthLog> logger) : IHealthObserver
{
    public void Changed(in HealthChange change)
    {
        LogLevel level = change.To switch
        {
            HealthState.Benched => LogLevel.Error,
            HealthState.Open or HealthState.Degraded => LogLevel.Warning,
            _ => LogLevel.Information,
        };
        if (change.To is HealthState.Benched or HealthState.Open or HealthState.Cooling)
        {
            LogStopped(level, change.Kind, change.Name, change.To, change.Until, change.Reason);
        }
        else
        {
            LogChanged(level, change.Kind, change.Name, change.To, change.From);
        }
    }

    [LoggerMessage(EventId = 1301, Message = "{Kind} {Name} is {State} and gets no calls until {Until:O}: {Reason}.")]
    private partial void LogStopped(LogLevel level, HealthKind kind, string name, HealthState state, DateTimeOffset? until, string? reason);

    [LoggerMessage(EventId = 1302, Message = "{Kind} {Name} is {State}; it was {Before}.")]
    private partial void LogChanged(LogLevel level, HealthKind kind, string name, HealthState state, HealthState before);
}
