using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Analytics;

/// <summary>Knows whether the database takes records, and says so once when that changes.</summary>
internal sealed class StoreHealth(TimeProvider timeProvider, ILogger logger)
{
    private volatile string? _lastError;

    public TimeProvider TimeProvider => timeProvider;

    /// <summary>Gets why the database took nothing when it was last tried; <see langword="null"/> if it did.</summary>
    public string? LastError => _lastError;

    /// <summary>Notes that the database took records.</summary>
    public void Worked()
    {
        if (_lastError is not null)
        {
            _lastError = null;
            Log.StoreRecovered(logger);
        }
    }

    /// <summary>Notes that the database took nothing.</summary>
    public void Failed(Exception exception, long journalBytes)
    {
        // Once for each outage: the status says that it lasts.
        if (_lastError is null)
        {
            Log.StoreFailed(logger, journalBytes, exception);
        }

        _lastError = exception.Message;
    }
}
