using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>What surrounds the ledger in Redis.</summary>
/// <param name="TimeProvider">The process's clock.</param>
/// <param name="Loggers">The log.</param>
internal sealed record RedisBudgetEnvironment(TimeProvider TimeProvider, ILoggerFactory Loggers)
{
    /// <summary>Gets how far scripts move the server's clock, in milliseconds; only tests do.</summary>
    public Func<long> Shift { get; init; } = static () => 0;
}
