using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Evaluations.Overhead;

/// <summary>A log that takes what it is given and drops it.</summary>
internal sealed class SilentLoggerProvider : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
    }

    public void Dispose()
    {
    }
}
